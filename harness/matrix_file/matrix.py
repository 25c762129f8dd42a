"""Matrix: the Istio versions and the topologies that a release is qualified for."""

from harness.settings import Frozen
from harness.topology import Topology


class Subject(Frozen):
    """A topology, and how a command line names it: a shipped name, or a file's absolute path."""

    topology: Topology
    named: str


class Matrix(Frozen):
    """Every version by every topology; both in the file's order."""

    title: str
    istio: tuple[str, ...]
    subjects: tuple[Subject, ...]
