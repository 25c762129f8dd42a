from reports.compose import compose
from reports.families import Family, families
from reports.tests.records import ending, facts, ran_all, reached, replies


def of(*pairs: tuple[str, str], identity: str = "") -> tuple[Family, ...]:
    """Return the families of claims with these tests' names, each of what one cluster was told."""
    claims = [
        reached(
            source,
            replies(source, "cluster1", "cluster2", times=4, server_identity=identity),
            name=name,
        )
        for name, source in pairs
    ]
    report = compose(facts(), claims, ran_all(*claims), ending())
    return families(report.claims)


def test_claims_of_one_test_stand_together() -> None:
    """Each is told from the others by what it is about, and what they share is said once."""
    first, second = of(("a", "cluster1"), ("b", "cluster1"), ("a", "cluster2"))

    assert (first.words, second.words) == ("a", "b")
    assert [shown.about for shown in first.members] == ["cluster1", "cluster2"]
    assert first.check == "reach:answered_by_exactly"


def test_evidence_shown_before_is_not_shown_again() -> None:
    """In its place stands the claim that shows it, where that is shorter."""
    first, second = of(("a", "cluster1"), ("b", "cluster1"), identity="spiffe://" + "x" * 99)
    (shown,), (again,) = first.members, second.members

    assert shown.same is None
    assert again.same is shown.claim
    assert again.lines == shown.lines


def test_evidence_that_differs_is_shown() -> None:
    """Another client's replies are not the same; and a few words may be said twice."""
    long = of(("a", "cluster1"), ("b", "cluster2"), identity="spiffe://" + "x" * 99)
    short = of(("a", "cluster1"), ("b", "cluster1"))

    assert all(family.members[0].same is None for family in (*long, *short))
