"""Gathers a dump: every piece of every cluster, side by side, each with an end.

A question that hangs is left behind in a thread that nobody waits for. Whatever goes wrong is a
line of the index, never an error.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from harness.dump import chosen, index
from harness.dump.ask import ask
from harness.dump.bounds import Purse, cut, side_by_side, within
from harness.dump.index import Entry, Index
from harness.dump.pieces import Piece
from harness.dump.redact import Redactor, values_of
from harness.mesh import Mesh
from harness.patience import now

SECONDS, BYTES = 20.0, 50_000_000
"""The longest that a dump takes, and the most that it holds."""
FIRST_SECONDS = 5.0
"""How long it may take to find a way in, and to learn which pods, Secrets and kinds there are."""
LANES = 4
"""Pieces of one cluster that are asked for side by side."""
GLANCE = ("remote-clusters.txt", "workloads.txt", "pods.txt", "services.txt")
"""The lists of each cluster that stand on the first page."""


def dump(
    mesh: Mesh, folder: Path, *, cause: str = "", seconds: float = SECONDS, most: int = BYTES
) -> Index:
    """Write what the mesh looks like now, and what was red, to the folder; return its index."""
    began = now()
    gathering = _Gathering(mesh, folder, end=began + seconds, purse=Purse(most))
    gathering.run()
    folder.mkdir(parents=True, exist_ok=True)
    whole = Index(
        topology=mesh.topology.name,
        cause=gathering.redact(cause),
        seconds=round(now() - began, 3),
        bytes=gathering.purse.spent,
        entries=gathering.entries,
    )
    (folder / "index.json").write_text(index.to_json(whole))
    (folder / "README.md").write_text(index.page(whole, list(_glance(mesh, folder))))
    return whole


class _Gathering:
    def __init__(self, mesh: Mesh, folder: Path, *, end: float, purse: Purse) -> None:
        self._mesh, self._folder, self._end = mesh, folder, end
        self._names = mesh.topology.names
        self._came: dict[tuple[str, Any], Entry] = {}
        self._known: dict[tuple[str, str], list[Any]] = {}
        self.purse = purse
        self.redact = Redactor()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What each piece came to, cluster by cluster."""
        return tuple(sorted(self._came.values(), key=lambda each: self._names.index(each.cluster)))

    def run(self) -> None:
        side_by_side(partial(self._learn, name, WAY_IN) for name in self._names)
        names = [name for name in self._names if (name, WAY_IN) in self._known]
        side_by_side(
            partial(self._learn, name, what) for name in names for what in (PODS, SECRETS, KINDS)
        )
        secrets = [each for name in names for each in self._known.get((name, SECRETS), ())]
        public = {*self._names, *chosen.spaces(self._mesh.topology)}
        self.redact = values_of(secrets, known=public)
        todo = {name: deque(self._pieces(name)) for name in names}
        side_by_side(partial(self._work, name, todo[name]) for name in names for _ in range(LANES))

    def _learn(self, cluster: str, what: str) -> None:
        began = now()
        try:
            look = partial(_FIRST[what], self._mesh, cluster)
            self._known[cluster, what] = within(FIRST_SECONDS, look)
        except Exception as cause:  # noqa: BLE001  # a line of the index, whatever it is
            self._note(cluster, what, began, 0, _words(cause, FIRST_SECONDS))

    def _pieces(self, cluster: str) -> Iterator[Piece]:
        topology = self._mesh.topology
        yield from chosen.standing(topology, cluster)
        yield from chosen.defined(self._known.get((cluster, KINDS), ()))
        yield from chosen.of_pods(topology, self._known.get((cluster, PODS), []))

    def _work(self, cluster: str, todo: deque[Piece]) -> None:
        while todo:
            try:
                piece = todo.popleft()
            except IndexError:  # another lane was quicker
                return
            began, left = now(), self._end - now()
            if left <= 0:
                self._note(cluster, piece.file, began, 0, "not asked for: the time was over")
                continue
            limit = min(piece.seconds, left)
            try:
                texts = within(limit, partial(self._texts, cluster, piece))
                size, error = self._write(cluster, texts)
            except Exception as cause:  # noqa: BLE001  # a line of the index, whatever it is
                size, error = 0, _words(cause, limit)
            self._note(cluster, piece.file, began, size, error)

    def _texts(self, cluster: str, piece: Piece) -> dict[str, tuple[bytes, str]]:
        found = ask(self._mesh, cluster, piece)
        return {file: self._ready(text, piece) for file, text in found.items()}

    def _ready(self, text: str, piece: Piece) -> tuple[bytes, str]:
        # cut first: what is left out needs no time to be searched
        data, problem = cut(text.encode(errors="replace"), piece.most, piece.keeps)
        return self.redact(data.decode(errors="replace")).encode(), problem

    def _write(self, cluster: str, texts: Mapping[str, tuple[bytes, str]]) -> tuple[int, str]:
        size, problems = 0, []
        for file, (data, problem) in texts.items():
            if not self.purse.pays(len(data)):
                problems.append(f"{file} is left out: {self.purse.most} bytes were reached")
                continue
            problems += [problem] if problem else []
            if data:
                path = self._folder / cluster / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
                size += len(data)
        return size, "; ".join(problems)

    def _note(self, cluster: str, piece: str, began: float, size: int, error: str) -> None:
        seconds = round(now() - began, 3)
        self._came[cluster, piece] = Entry(cluster, piece, seconds, size, self.redact(error))


WAY_IN, PODS, SECRETS, KINDS = "a way in", "its pods", "its Secrets", "its kinds"
"""What has to be known of a cluster before its pieces are; without a way in it has none."""
_FIRST: dict[str, Callable[[Mesh, str], list[Any]]] = {
    WAY_IN: lambda mesh, cluster: [mesh.provider.access(cluster)],
    PODS: lambda mesh, cluster: [
        pod
        for space in chosen.spaces(mesh.topology)
        for pod in mesh.kube(cluster).list("Pod", space)
    ],
    SECRETS: lambda mesh, cluster: mesh.kube(cluster).list("Secret"),
    KINDS: lambda mesh, cluster: list(mesh.kube(cluster).kinds()),
}


def _words(cause: Exception, limit: float) -> str:
    if isinstance(cause, TimeoutError):
        return f"no answer within {limit:.0f} s"
    return " ".join(f"{cause}".split())[:500] or type(cause).__name__


def _glance(mesh: Mesh, folder: Path) -> Iterator[tuple[str, str]]:
    for file in GLANCE:
        for name in mesh.topology.names:
            path = folder / name / file
            if path.is_file():
                yield f"{name}: {path.stem}", path.read_text()
