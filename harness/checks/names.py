"""Claims about what DNS says: exact answers, and no answer where there must be none."""

from collections.abc import Sequence

from harness.observation import DnsReply, Observation
from harness.topology import Topology
from harness.verdict import Verdict, failed, inconclusive, passed, unseen


def answered_with_exactly(
    topology: Topology, observations: Sequence[Observation], *, addresses: Sequence[str]
) -> Verdict:
    """Every question is answered with exactly these addresses."""
    del topology
    if not addresses:
        return inconclusive(observations, "no address to expect was given")
    return _all(observations, rcode="NOERROR", answers=tuple(sorted(addresses)))


def unknown(topology: Topology, observations: Sequence[Observation]) -> Verdict:
    """Every name asked for does not exist: NXDOMAIN."""
    del topology
    return _all(observations, rcode="NXDOMAIN", answers=())


def known_without_data(topology: Topology, observations: Sequence[Observation]) -> Verdict:
    """Every name exists and has nothing of the type asked for: NOERROR, empty."""
    del topology
    return _all(observations, rcode="NOERROR", answers=())


def remembered_at_most(
    topology: Topology, observations: Sequence[Observation], *, seconds: int
) -> Verdict:
    """Every answer may be remembered for a while, and for no longer than `seconds`."""
    del topology
    if verdict := _nothing(observations):
        return verdict
    replies = [each for each in observations if isinstance(each, DnsReply)]
    wrong = [each for each in replies if each.ttl is None or not 0 < each.ttl <= seconds]
    expected = f"TTL from 1 to {seconds}"
    if wrong:
        got = ", ".join(f"{each.name}: {each.ttl}" for each in wrong)
        return failed(observations, "a TTL is out of range", expected=expected, got=got)
    return passed(observations, ", ".join(f"{each.name}: {each.ttl} s" for each in replies))


def _all(observations: Sequence[Observation], *, rcode: str, answers: tuple[str, ...]) -> Verdict:
    if verdict := _nothing(observations):
        return verdict
    replies = [each for each in observations if isinstance(each, DnsReply)]
    wrong = [each for each in replies if (each.rcode, each.answers) != (rcode, answers)]
    expected = f"{rcode} {', '.join(answers)}".strip()
    if wrong:
        first = wrong[0]
        got = f"{first.rcode} {', '.join(first.answers)}".strip()
        reason = f"{first.name} {first.rdtype} over {first.transport}: {got}"
        return failed(observations, reason, expected=expected, got=got)
    asked = ", ".join(f"{each.name} {each.rdtype} over {each.transport}" for each in replies)
    return passed(observations, f"{expected}: {asked}")


def _nothing(observations: Sequence[Observation]) -> Verdict | None:
    if verdict := unseen(observations):
        return verdict
    if not any(isinstance(each, DnsReply) for each in observations):
        return inconclusive(observations, "no question was asked")
    return None
