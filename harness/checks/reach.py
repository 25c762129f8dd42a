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
    expected, got = f"200 from exactly {_set(wanted)}", _counts(replies)
    lost = [each for each in replies if each.status != OK]
    if lost:
        why = lost[0].error or f"status {lost[0].status}"
        return failed(observations, f"a call was not answered: {why}", expected=expected, got=got)
    answering = {each.cluster for each in replies}
    if "" in answering:
        pods = sorted({each.pod or "(unnamed)" for each in replies if not each.cluster})
        return inconclusive(observations, f"pods of no known cluster answered: {', '.join(pods)}")
    if extra := answering - wanted:
        reason = f"{_set(extra)} answered and should not"
        return failed(observations, reason, expected=expected, got=got)
    if missing := wanted - answering:
        if len(replies) < calls_needed(len(wanted)):
            short = f"{len(replies)} calls are too few to miss {_set(missing)} by more than chance"
            return inconclusive(observations, short)
        reason = f"{_set(missing)} never answered in {len(replies)} calls"
        return failed(observations, reason, expected=expected, got=got)
    if len(replies) < calls_needed(len(wanted)):
        return inconclusive(observations, f"{len(replies)} calls are too few to tell")
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
    if not controls or any(each.status != OK for each in controls):
        return inconclusive(observations, f"the control {control} was not answered either")
    if not tried:
        return inconclusive(observations, "the refusal was never tried")
    if let_in := [each for each in tried if each.status == OK]:
        return failed(
            observations,
            f"{let_in[0].client} was answered and should not be",
            expected="no answer",
            got=_counts(let_in),
        )
    return passed(observations, f"{tried[0].client}: {tried[0].error or tried[0].status}")


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
