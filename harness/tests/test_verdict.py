from dataclasses import FrozenInstanceError

import pytest

from harness.errors import HarnessError
from harness.observation import NodeFact, Unseen
from harness.verdict import Outcome, Verdict, failed, inconclusive, passed, unseen, worst

SEEN = NodeFact("east", "kubelet runs", holds=True)
LOST = Unseen("west", "kubelet runs", "the node does not answer")


def test_outcomes_are_ranked_fail_over_inconclusive_over_pass() -> None:
    """A fail can be hidden by nothing, and a pass hides nothing."""
    assert sorted(Outcome, key=lambda each: each.rank) == [
        Outcome.PASS,
        Outcome.INCONCLUSIVE,
        Outcome.FAIL,
    ]


@pytest.mark.parametrize(
    ("expected", "outcomes"),
    [
        (Outcome.PASS, [Outcome.PASS, Outcome.PASS]),
        (Outcome.INCONCLUSIVE, [Outcome.PASS, Outcome.INCONCLUSIVE]),
        (Outcome.FAIL, [Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.PASS]),
        (Outcome.INCONCLUSIVE, []),
    ],
    ids=["all-pass", "one-inconclusive", "one-fails", "none-at-all"],
)
def test_the_worst_outcome_counts(expected: Outcome, outcomes: list[Outcome]) -> None:
    """Several claims are as good as the worst of them; of none nothing was shown."""
    assert expected is worst(outcomes)


def test_a_pass_needs_evidence() -> None:
    """A pass that rests on nothing cannot be made."""
    with pytest.raises(HarnessError, match="a pass needs evidence: all is well"):
        passed((), "all is well")


@pytest.mark.parametrize("outcome", [Outcome.FAIL, Outcome.INCONCLUSIVE])
def test_only_a_pass_needs_evidence(outcome: Outcome) -> None:
    """That nothing was seen can be told without having seen anything."""
    assert Verdict(outcome, "nothing", ()).evidence == ()


def test_a_verdict_never_changes() -> None:
    """What was concluded stays concluded."""
    with pytest.raises(FrozenInstanceError):
        passed([SEEN], "all").outcome = Outcome.FAIL  # type: ignore[misc]


def test_verdicts_keep_what_they_rest_on() -> None:
    """Each outcome has its reason and its evidence; a fail says what was expected and got."""
    assert passed([SEEN], "all") == Verdict(Outcome.PASS, "all", (SEEN,))
    assert inconclusive([LOST], "lost") == Verdict(Outcome.INCONCLUSIVE, "lost", (LOST,))
    assert failed([SEEN], "no", expected="a", got="b") == Verdict(
        Outcome.FAIL, "no", (SEEN,), expected="a", got="b"
    )


def test_a_question_that_could_not_be_put_leaves_the_claim_open() -> None:
    """One lost question among answers is inconclusive, and the reason names it and its cause."""
    verdict = unseen([SEEN, LOST])

    assert verdict == Verdict(
        Outcome.INCONCLUSIVE,
        "could not look: kubelet runs: the node does not answer",
        (SEEN, LOST),
    )


def test_having_seen_nothing_leaves_the_claim_open() -> None:
    """No observation at all is inconclusive, never a pass."""
    assert Verdict(Outcome.INCONCLUSIVE, "nothing was seen", ()) == unseen([])


def test_what_was_seen_can_be_judged() -> None:
    """With every question answered there is nothing that keeps a check from judging."""
    assert unseen([SEEN]) is None
