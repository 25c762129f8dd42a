from collections.abc import Iterator
from itertools import count, pairwise
import json
from typing import Any

import pytest

from harness.access import Completed
from harness.bench.one_by_one import OneByOne, tally
from harness.errors import CommandError, DeadlineError
from harness.patience import Patience
from harness.tests.bench_site import order
from harness.tests.topologies import primary_remote


class FakeMachine:
    """A fake shell: programs that succeed, and an httpbin in each cluster that answers in turn."""

    def __init__(self, *answering: str) -> None:
        self.ran: list[tuple[str, ...]] = []
        self.given: list[str] = []
        self.answering = answering
        self.asked: Iterator[int] = count()
        self.refusals: dict[str, int] = {}
        """How often a command that holds this word fails before it succeeds."""

    def run(self, argv: Any, *, stdin: str | None = None, **_: Any) -> Completed:
        """Pretend to run argv."""
        self.ran.append(tuple(argv))
        self.given.append(stdin or "")
        line = f"{' '.join(argv)} {stdin}"
        for word, left in self.refusals.items():
            if word in line and left:
                self.refusals[word] -= 1
                raise CommandError(argv, where="a fake", code=1, stdout="", stderr="not yet")
        return Completed(tuple(argv), 0, self._said(line), "", 0.0)

    def _said(self, line: str) -> str:
        if "curl" in line:
            pod = f"httpbin-{self.answering[next(self.asked) % len(self.answering)]}"
            return json.dumps({"hostname": pod})
        if "get pods" in line:
            return "httpbin-east" if "kind-mp-east" in line else "httpbin-west"
        if "inspect" in line:
            return "172.18.0.2" if "mp-east" in line else "172.18.0.3"
        if "get svc" in line:
            return "172.18.0.250"
        return "a warning\napiVersion: v1\n" if "create-remote-secret" in line else ""


def side(machine: FakeMachine) -> OneByOne:
    """Return the documents' side on a fake machine."""
    return OneByOne(primary_remote(), order(), machine, patience=Patience(5, first=0.001))


def test_phases_follow_each_other_without_a_gap() -> None:
    """Each phase begins when the one before it has ended, and each is told."""
    told: list[str] = []

    spans = side(FakeMachine("east", "west")).run(told.append)

    assert spans[0].name == "clusters"
    assert spans[-1].name == "matrix"
    assert all(one.ended <= two.began for one, two in pairwise(spans))
    assert len(told) == len(spans)


def test_what_was_said_reaches_the_commands_that_ask_for_it() -> None:
    """The gateway's address, the node's, and the secret without the warning before it."""
    machine = FakeMachine("east", "west")

    side(machine).run(lambda _line: None)

    assert "remotePilotAddress: 172.18.0.250" in "".join(machine.given)
    assert any("--server=https://172.18.0.3:6443" in argv for argv in machine.ran)
    assert "apiVersion: v1" in machine.given
    assert not any("a warning" in given for given in machine.given)


def test_a_pool_that_the_webhook_refuses_is_applied_again() -> None:
    """MetalLB's webhook answers late: the document's reader would try again."""
    machine = FakeMachine("east", "west")
    machine.refusals = {"IPAddressPool": 2}

    side(machine).run(lambda _line: None)

    assert sum("IPAddressPool" in given for given in machine.given) == 4


def test_any_other_command_that_fails_ends_the_side() -> None:
    """Nothing else is tried twice."""
    machine = FakeMachine("east", "west")
    machine.refusals = {"annotate": 1}

    with pytest.raises(CommandError, match="not yet"):
        side(machine).run(lambda _line: None)


def test_a_matrix_that_one_cluster_never_answers_is_no_mesh() -> None:
    """A side counts only if every sleep was answered by both clusters."""
    with pytest.raises(DeadlineError, match="answered by both clusters"):
        side(FakeMachine("east")).run(lambda _line: None)


def test_replies_are_counted_by_the_cluster_that_gave_them() -> None:
    """A reply that is no JSON, or of a pod that nobody knows, is nobody's."""
    said = {"HOMES_EAST": "httpbin-a", "HOMES_WEST": "httpbin-b"}
    replies = ["a", "b", "c"]
    said |= {
        f"REPLY_EAST_{nth}": f'{{"hostname": "httpbin-{pod}"}}' for nth, pod in enumerate(replies)
    }
    said |= {f"REPLY_WEST_{nth}": "upstream connect error" for nth in range(3)}

    assert tally(primary_remote(), said, 6) == {
        "east": {"east": 1, "west": 1, "nobody": 1},
        "west": {"nobody": 3},
    }
