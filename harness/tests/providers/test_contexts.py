from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.providers.contexts import Context, named

THEIRS = Path("/home/them/.kube/config")


@pytest.mark.parametrize(
    ("pair", "context"),
    [
        ("east=one", Context(THEIRS, "one")),
        ("east=admin@one", Context(THEIRS, "admin@one")),
        ("east=one@/etc/one", Context(Path("/etc/one"), "one")),
        ("east=admin@one@/etc/one", Context(Path("/etc/one"), "admin@one")),
        ("east=one@./one", Context(Path("one").absolute(), "one")),
        ("east=a=b", Context(THEIRS, "a=b")),
    ],
)
def test_a_context_may_be_of_a_kubeconfig_of_its_own(pair: str, context: Context) -> None:
    """A path after the last @ is one; any other @ belongs to the context's name."""
    assert named([pair], THEIRS) == {"east": context}


def test_all_that_names_no_context_is_told() -> None:
    """Neither a cluster nor its context may be left out, and none be given twice."""
    with pytest.raises(UsageError) as caught:
        named(["east", "=one", "west=", "east=one", "east=two"], THEIRS)

    assert [each.partition(":")[0] for each in caught.value.problems] == [
        "context 'east'",
        "context '=one'",
        "context 'west='",
        "context of east",
    ]
