"""Who uses which load-balancer addresses of a container network; two runs never the same.

Claims are kept in one file for each network of each Docker daemon, under a lock. A claim holds as
long as its run's process lives or a cluster of the run is there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
import os
from pathlib import Path

from filelock import FileLock
from pydantic import TypeAdapter

from harness.addresses import AddressRange, carve
from harness.drivers.kind import ContainerNetwork
from harness.engine.owner import Owner, State

_lock_seconds = 30.0


@dataclass(frozen=True, slots=True)
class Claim:
    """A run's hold on one range, for one of its kind clusters."""

    cluster: str
    addresses: str
    owner: Owner


_claims: TypeAdapter[list[Claim]] = TypeAdapter(list[Claim])


class Claims:
    """The claims on addresses of one container network, kept below `folder`."""

    def __init__(self, folder: Path, network: ContainerNetwork) -> None:
        self._folder = folder
        self._network = network
        self._path = folder / f"{network.id[:24]}.json"

    def claim(
        self,
        owner: Owner,
        clusters: Iterable[str],
        size: int,
        *,
        is_up: Callable[[str], bool] = lambda _cluster: False,
    ) -> Mapping[str, AddressRange]:
        """Return `size` addresses for each kind cluster, those it holds already if it does.

        `is_up` says whether a kind cluster is there: its addresses are in use, whoever made it.
        Raises HostError when the network has no room.
        """
        wanted = tuple(clusters)
        with self._held() as claims:
            claims[:] = [
                each
                for each in claims
                if each.owner.state() in (State.RUNNING, State.KEPT) or is_up(each.cluster)
            ]
            held = {each.cluster: AddressRange.parse(each.addresses) for each in claims}
            missing = [name for name in wanted if name not in held]
            carved = carve(self._network.subnet, count=len(missing), size=size, taken=held.values())
            held |= dict(zip(missing, carved, strict=True))
            claims += [Claim(name, str(held[name]), owner) for name in missing]
        return {name: held[name] for name in wanted}

    def release(self, cluster: str) -> None:
        """Give back a kind cluster's addresses; none is no error."""
        with self._held() as claims:
            claims[:] = [each for each in claims if each.cluster != cluster]

    @contextmanager
    def _held(self) -> Iterator[list[Claim]]:
        self._folder.mkdir(parents=True, exist_ok=True)
        # one lock for all networks: every private engine has a network of its own, and lock files
        # cannot be removed
        with FileLock(self._folder / "lock", timeout=_lock_seconds):
            self._forget_lost_networks()
            before = _read(self._path)
            claims = list(before)
            yield claims
            if claims != before:
                _write(self._path, claims)

    def _forget_lost_networks(self) -> None:
        for path in self._folder.glob("*.json"):
            if path != self._path and all(_is_over(claim.owner) for claim in _read(path)):
                path.unlink()


def _is_over(owner: Owner) -> bool:
    return not owner.lives() and owner.expires < datetime.now(UTC)


def _read(path: Path) -> list[Claim]:
    try:
        return _claims.validate_json(path.read_bytes())
    except FileNotFoundError:
        return []


def release_run(folder: Path, run: str) -> None:
    """Give back all that a run holds, on whatever network below `folder`; nothing is no error."""
    if not folder.is_dir():
        return
    with FileLock(folder / "lock", timeout=_lock_seconds):
        for path in folder.glob("*.json"):
            claims = _read(path)
            left = [each for each in claims if each.owner.run != run]
            if left != claims:
                _write(path, left)


def _write(path: Path, claims: list[Claim]) -> None:
    if not claims:
        path.unlink(missing_ok=True)
        return
    part = path.with_suffix(f".{os.getpid()}")
    part.write_bytes(_claims.dump_json(claims))
    part.replace(path)
