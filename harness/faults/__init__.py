"""Ways a mesh breaks: inject, heal, witness."""

from typing import Protocol

from harness.mesh import Mesh


class Fault(Protocol):
    """A state that a mesh can be brought into and out of; `str` names it and its cluster.

    Healing what was never injected, or twice, changes nothing.
    """

    def inject(self, mesh: Mesh) -> None:
        """Break the mesh."""
        ...

    def witness(self, mesh: Mesh) -> None:
        """Raise NotYet unless the mesh is seen to be broken in this way."""
        ...

    def heal(self, mesh: Mesh) -> None:
        """Put back what was taken away."""
        ...

    def healed(self, mesh: Mesh) -> None:
        """Raise NotYet unless the mesh is seen to be whole again."""
        ...
