"""Claims about what is left of a mesh where there is none any more."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from harness.observation import Inventory, Observation
from harness.topology import Topology
from harness.verdict import Verdict, failed, inconclusive, passed, unseen


def left_as_found(
    topology: Topology, observations: Sequence[Observation], *, remains: Sequence[str] = ()
) -> Verdict:
    """Every cluster holds what it held before: nothing is left, nothing of others is gone.

    `remains` are patterns of what is known to stay.
    """
    if verdict := unseen(observations):
        return verdict
    seen = [each for each in observations if isinstance(each, Inventory)]
    before = {each.cluster: set(each.objects) for each in seen if each.moment == "before"}
    after = {each.cluster: set(each.objects) for each in seen if each.moment == "after"}
    for name in topology.names:
        if not before.get(name) or not after.get(name):
            return inconclusive(observations, f"{name}: it was not looked at before and after")
    differences, stayed = [], 0
    for name in topology.names:
        more = sorted(after[name] - before[name])
        left = [each for each in more if not any(fnmatchcase(each, known) for known in remains)]
        stayed += len(more) - len(left)
        differences += [f"{name}: {each} is left" for each in left]
        differences += [f"{name}: {each} is gone" for each in sorted(before[name] - after[name])]
    if differences:
        return failed(
            observations,
            f"{differences[0]}, and {len(differences) - 1} more differ",
            expected="what was there before",
            got="; ".join(differences),
        )
    held = sum(len(each) for each in before.values())
    known = f"; {stayed} known to stay are left" if remains else ""
    return passed(observations, f"the {held} objects of before, and no other{known}")
