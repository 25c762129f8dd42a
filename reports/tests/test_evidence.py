from reports.evidence import Evidence
from reports.tests.records import no_answer, replies


def test_observations_come_back_as_they_were_in_their_order() -> None:
    """Nothing is lost by packing, not even the order."""
    seen = [*replies("cluster1", "cluster1", "cluster2", times=20), *no_answer("cluster1")]

    assert Evidence.of(seen).observations == tuple(seen)


def test_each_distinct_observation_is_kept_once() -> None:
    """Forty-two calls with two answers are two values and forty-two small numbers."""
    seen = replies("cluster1", "cluster1", "cluster2", times=42)

    packed = Evidence.of(seen)

    assert len(packed.distinct) == 2
    assert [times for _, times in packed.counted] == [21, 21]


def test_no_observations_are_no_evidence() -> None:
    """Packing nothing gives nothing."""
    assert Evidence.of([]).observations == ()
