"""What a release is qualified for: a document of Istio versions by topologies, cut from runs.

`model` is the document in the shape of the Gateway API's ConformanceReport, `cut` makes its cells
from a run's record, `conclude` puts cells together, `changes` says what differs between two
documents, `table` shows one in a terminal, `document` writes and reads it, `schema` publishes its
JSON schema. Nothing here runs or judges anything.
"""
