"""DNS questions, put by dig from inside a pod: what an application there would be told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
import re
from typing import Literal

from harness.errors import HarnessError
from harness.mesh import Mesh
from harness.observation import DnsReply, Observation, Unseen
from harness.probes import pods
from harness.probes.http import CONTAINER

SECONDS = 3
"""How long dig waits for one answer; it asks once."""

_STATUS = re.compile(r";; ->>HEADER<<- .*?status: (\w+)")
_ANSWER = re.compile(r"^(\S+)\s+(\d+)\s+IN\s+(\w+)\s+(\S+)$", re.MULTILINE)
_SERVER = re.compile(r"^;; SERVER: (\S+?)#", re.MULTILINE)
_NEXT = "@@ next"


@dataclass(frozen=True, slots=True)
class Question:
    """A name and a type; `search` has the pod's search path tried, as an application would."""

    name: str
    rdtype: str = "A"
    transport: Literal["udp", "tcp"] = "udp"
    search: bool = False

    @property
    def words(self) -> str:
        """The question as dig takes it."""
        tcp = "+tcp" if self.transport == "tcp" else "+notcp"
        search = "+search" if self.search else "+nosearch"
        kind = f"-x {self.name}" if self.rdtype == "PTR" else f"{self.name} {self.rdtype}"
        return f"dig {tcp} {search} +time={SECONDS} +tries=1 {kind}"


def ask(
    mesh: Mesh, source: str, questions: Sequence[Question], *, client: str = "plain"
) -> list[Observation]:
    """Put the questions one after the other from a client pod of `source`, in one exec.

    A client without a sidecar is told what the cluster's DNS says, one with a sidecar what Istio's
    DNS proxy says where that is on.
    """
    script = "\n".join(f"{question.words}; echo '{_NEXT}'" for question in questions)
    limit = (SECONDS + 1) * len(questions) + 5
    try:
        pod = pods.client(mesh, source, client)
        done = mesh.kube(source).exec(
            pod,
            mesh.topology.client_namespace,
            CONTAINER,
            ["sh", "-c", script],
            timeout=limit,
        )
    except HarnessError as cause:
        return [Unseen(source, f"ask for {questions[0].name}", str(cause))]
    return list(parse(source, questions, done.stdout))


def parse(source: str, questions: Sequence[Question], output: str) -> Iterator[Observation]:
    """Yield the reply to each question; SERVFAIL and no answer at all are told apart."""
    *ended, cut_off = output.split(_NEXT)
    for question, said in zip_longest(questions, ended):
        if said is None:
            yield Unseen(source, question.words, f"dig was cut off: {cut_off.strip()[:200]}")
            continue
        if "not found" in said and "dig" in said:
            yield Unseen(source, question.words, said.strip()[:200])
            continue
        status, server = _STATUS.search(said), _SERVER.search(said)
        found = [each for each in _ANSWER.findall(said) if each[2] == question.rdtype]
        yield DnsReply(
            source=source,
            name=question.name,
            rdtype=question.rdtype,
            rcode=status[1] if status else "TIMEOUT",
            answers=tuple(sorted(value for *_, value in found)),
            ttl=min((int(ttl) for _, ttl, *_ in found), default=None),
            transport=question.transport,
            server=server[1] if server else "",
        )
