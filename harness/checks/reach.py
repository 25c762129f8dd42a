"""Claims about who is reached: exact sets, by the pods that really answered."""

from collections import Counter
from collections.abc import Sequence

from harness.observation import HttpReply, Observation
from harness.sampling import calls_needed
from harness.topology import Topology
from harness.verdict import Verdict, failed, inconclusive, passed, unseen

OK = 200


def answered_by_exactly(
    topology: Topology, observations: Sequence[Observation], *, clusters: Sequence[str]
) -> Verdict:
    """Every call was answered, by every one of these clusters and by no other."""
    if verdict := unseen(observations):
        return verdict
    replies = [each for each in observations if isinstance(each, HttpReply)]
    wanted = frozenset(clusters)
    strangers = wanted - set(topology.names)
    if strangers or not wanted:
        return inconclusive(observations, f"no such clusters to expect: {sorted(strangers)}")
    got = _counts(replies)
    if wrong := _wrong(replies, wanted):
        expected = f"200 from exactly {_set(wanted)}"
        return failed(observations, wrong, expected=expected, got=got)
    if open_still := _open(replies, wanted):
        return inconclusive(observations, open_still)
    return passed(observations, f"{got} in {len(replies)} calls")


def refused(topology: Topology, observations: Sequence[Observation], *, control: str) -> Verdict:
    """No call of the client was answered, while the control client was answered meanwhile.

    `control` is the name of the client whose calls are the positive control.
    """
    del topology
    if verdict := unseen(observations):
        return verdict
    replies = [each for each in observations if isinstance(each, HttpReply)]
    controls = [each for each in replies if each.client == control]
    tried = [each for each in replies if each.client != control]
    if let_in := [each for each in tried if each.status == OK]:
        return failed(
            observations,
            f"{let_in[0].client} was answered and should not be",
            expected="no answer",
            got=_counts(let_in),
        )
    if not controls or any(each.status != OK for each in controls):
        return inconclusive(observations, f"the control {control} was not answered either")
    if not tried:
        return inconclusive(observations, "the refusal was never tried")
    return passed(observations, f"{tried[0].client}: {tried[0].error or tried[0].status}")


def _wrong(replies: Sequence[HttpReply], wanted: frozenset[str]) -> str:
    """Return what contradicts the claim, if anything does."""
    for each in replies:
        if each.status != OK:
            return f"a call was not answered: {each.error or f'status {each.status}'}"
    answering = {each.cluster for each in replies}
    if extra := answering - wanted - {""}:
        return f"{_set(extra)} answered and should not"
    missing = wanted - answering
    if missing and "" not in answering and len(replies) >= calls_needed(len(wanted)):
        return f"{_set(missing)} never answered in {len(replies)} calls"
    return ""


def _open(replies: Sequence[HttpReply], wanted: frozenset[str]) -> str:
    """Return why the claim cannot be told, if nothing contradicts it."""
    if strangers := {each.pod or "(unnamed)" for each in replies if not each.cluster}:
        return f"pods of no known cluster answered: {', '.join(sorted(strangers))}"
    if len(replies) >= calls_needed(len(wanted)):
        return ""
    if missing := wanted - {each.cluster for each in replies}:
        return f"{len(replies)} calls are too few to miss {_set(missing)} by more than chance"
    return f"{len(replies)} calls are too few to tell"


def _set(clusters: frozenset[str] | set[str]) -> str:
    return "{" + ", ".join(sorted(clusters)) + "}"


def _counts(replies: Sequence[HttpReply]) -> str:
    seen = Counter(
        each.cluster or each.pod or "someone" if each.status == OK else _failure(each)
        for each in replies
    )
    return ", ".join(f"{what} x{count}" for what, count in sorted(seen.items()))


def _failure(reply: HttpReply) -> str:
    return f"status {reply.status}" if reply.status else f"curl exit {reply.curl_exit}"
