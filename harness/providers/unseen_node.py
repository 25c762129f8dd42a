"""A node out of reach: it has no answers, only the reason why."""

from harness.access import Completed
from harness.errors import UnreachableError


class UnseenNode:
    """Node that this machine has no way to; every question raises UnreachableError."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    @property
    def address(self) -> str:
        """Raise."""
        raise UnreachableError(self._reason)

    def run(self, *argv: str, timeout: float = 20) -> Completed:  # noqa: ARG002
        """Raise."""
        raise UnreachableError(f"{self._reason}: cannot run {argv[0]}")

    def service_is_running(self, name: str) -> bool:
        """Raise."""
        raise UnreachableError(f"{self._reason}: cannot look at {name}")

    def route_to(self, network: str) -> str:
        """Raise."""
        raise UnreachableError(f"{self._reason}: cannot look for the route to {network}")

    def connects(self, address: str, port: int) -> bool:
        """Raise."""
        raise UnreachableError(f"{self._reason}: cannot connect to {address}:{port}")
