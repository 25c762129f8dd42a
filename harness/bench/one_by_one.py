"""Runs the documents' commands one after the other, and keeps how long each phase took."""

from collections import Counter
from collections.abc import Callable, Mapping
import json

from harness.access import Shell
from harness.bench.account import Span
from harness.bench.documents import MATRIX, DocumentsOrder, homes_name, reply_name
from harness.bench.sequence import Command, Phase
from harness.drivers.istioctl import document
from harness.errors import CommandError, DeadlineError, NotYet
from harness.patience import Patience, now, until
from harness.sampling import calls_needed
from harness.topology import Topology

COMMAND_SECONDS = 300.0
AWAIT = Patience(120, first=1, longest=1)
ROUNDS = 5
"""How often the matrix is asked for before its answers must be exact."""
_nobody = "nobody"


class OneByOne:
    """The documents' side of one comparison."""

    def __init__(
        self,
        topology: Topology,
        order: DocumentsOrder,
        shell: Shell,
        *,
        patience: Patience = AWAIT,
    ) -> None:
        self._topology, self._order, self._shell = topology, order, shell
        self._patience = patience
        self._said: dict[str, str] = {}

    def run(self, say: Callable[[str], None]) -> tuple[Span, ...]:
        """Run all phases and return when each began and ended, in seconds from the first one.

        Raises CommandError when a command fails and DeadlineError when the answers never become
        exact.
        """
        began = now()
        spans = []
        for phase in self._order.phases():
            start = now()
            for command in phase.commands:
                self._call(command)
            spans.append(Span(phase.name, start - began, now() - began))
            say(str(spans[-1]))
        start = now()
        self._matrix(self._order.matrix(calls_needed(len(self._topology.names))))
        spans.append(Span(MATRIX, start - began, now() - began))
        say(str(spans[-1]))
        return tuple(spans)

    def _matrix(self, calls: Phase) -> None:
        began, seen = now(), ""
        for _ in range(ROUNDS):
            for command in (*self._order.homes(), *calls.commands):
                self._call(command)
            answering = tally(self._topology, self._said, len(calls.commands))
            seen = str({source: dict(counts) for source, counts in answering.items()})
            if all(set(counts) == set(self._topology.names) for counts in answering.values()):
                return
        raise DeadlineError(
            "every sleep is answered by both clusters",
            seconds=now() - began,
            attempts=ROUNDS,
            last=seen,
        )

    def _call(self, command: Command) -> None:
        filled = command.filled(self._said)

        def once() -> str:
            done = self._shell.run(filled.argv, timeout=COMMAND_SECONDS, stdin=filled.stdin or None)
            return done.stdout.strip()

        def awaited() -> str:
            try:
                said = once()
            except CommandError as problem:
                raise NotYet(problem.stderr.strip() or str(problem)) from problem
            if filled.saves and not said:
                raise NotYet("it said nothing")
            return said

        said = (
            until(" ".join(filled.argv[:6]), awaited, self._patience) if filled.awaits else once()
        )
        if filled.saves:
            # istioctl may warn on its standard output, before what it was asked for
            self._said[filled.saves] = document(said) if "apiVersion" in said else said


def tally(topology: Topology, said: Mapping[str, str], calls: int) -> dict[str, Counter[str]]:
    """Return for each client's cluster how often each cluster answered, or nobody known did.

    `calls` is how many were made from all clusters together.
    """
    homes = {
        pod: cluster.name
        for cluster in topology.clusters
        for pod in said[homes_name(cluster)].split()
    }
    each = calls // len(topology.clusters)
    return {
        source.name: Counter(
            homes.get(_pod(said[reply_name(source, nth)]), _nobody) for nth in range(each)
        )
        for source in topology.clusters
    }


def _pod(reply: str) -> str:
    try:
        return str(json.loads(reply)["hostname"])
    except (ValueError, KeyError, TypeError):
        return _nobody
