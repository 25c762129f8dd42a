"""From a release's matrix file to a Matrix, with every problem of the file said at once.

`written` says what a user may write, `wording` turns what is wrong with a value into a sentence,
`load` puts it together; how YAML is read and problems are placed is `harness.topology_file`'s.
"""

from harness.matrix_file.load import load
from harness.matrix_file.matrix import Matrix, Subject
from harness.matrix_file.written import schema

__all__ = ["Matrix", "Subject", "load", "schema"]
