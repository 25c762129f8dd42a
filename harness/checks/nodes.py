"""Claims about the machines that carry the clusters."""

from collections.abc import Sequence

from harness.observation import NodeFact, Observation
from harness.topology import Topology
from harness.verdict import Verdict, failed, inconclusive, passed, unseen


def every_fact_holds(topology: Topology, observations: Sequence[Observation]) -> Verdict:
    """Whatever was asked of the nodes holds."""
    del topology
    if verdict := unseen(observations):
        return verdict
    facts = [each for each in observations if isinstance(each, NodeFact)]
    wrong = [each for each in facts if not each.holds]
    if not facts:
        return inconclusive(observations, "nothing was asked of the nodes")
    if wrong:
        got = "; ".join(f"{each.cluster}: {each.question}: {each.seen or 'no'}" for each in wrong)
        reason = f"{wrong[0].cluster}: {wrong[0].question}: no"
        return failed(observations, reason, expected=f"all {len(facts)} facts hold", got=got)
    return passed(observations, "; ".join(f"{each.cluster}: {each.question}" for each in facts))
