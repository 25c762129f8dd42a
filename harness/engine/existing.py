"""NoEngine: the clusters are the user's own; there is nothing to start and nothing to end."""

from datetime import datetime
import os

from harness.engine import Stack


class NoEngine:
    """An engine in name only; see the protocol Engine."""

    name = "existing"
    ends_clusters = False

    @property
    def environment(self) -> dict[str, str]:
        """PATH as it is."""
        return {"PATH": os.environ.get("PATH", os.defpath)}

    def start(self, stack: Stack) -> None:
        """Do nothing: it runs already."""

    def attach(self, stack: Stack) -> None:
        """Do nothing: it can be reached already."""

    def keep(self, until: datetime) -> None:
        """Do nothing: it stays anyway."""

    def stop(self) -> None:
        """Leave it alone: it is not ours."""
