"""From a topology's YAML file to a Topology, with every problem of the file said at once.

`syntax` reads the text and remembers where everything stood, `written` says what a user may write,
`wording` turns what is wrong with a single value into a sentence, `rules` judges what only the
whole file can show, `ranges` gives clusters their pod and service ranges, `load` puts it together.
"""

from harness.topology_file.load import DEFAULT, find, known, load
from harness.topology_file.written import schema

__all__ = ["DEFAULT", "find", "known", "load", "schema"]
