from reports.compose import compose
from reports.phases import kind_of, phases
from reports.tests.records import ending, facts, node_id, ran, set_up


def test_steps_of_one_kind_are_one_phase_on_the_clock() -> None:
    """Two clusters made side by side in twenty seconds took twenty seconds."""
    account = compose(facts(), [set_up()], [ran(node_id("x"))], ending()).topologies[0]

    found = phases(account, account.provisions[0])

    assert [(each.name, each.steps, each.seconds) for each in found] == [
        ("create …", 2, 20),
        ("install MetalLB in …", 2, 6),
        ("install the primary …", 1, 9),
    ]


def test_a_phase_with_a_broken_step_says_so() -> None:
    """The step that failed is part of the time, and marked."""
    record = set_up(error="no")
    account = compose(facts(), [record], [ran(node_id("x"))], ending(1)).topologies[0]

    assert [each.broken for each in phases(account, account.provisions[0])] == [False, False, True]


def test_clusters_and_addresses_are_left_out_of_a_kind() -> None:
    """`cluster1` is not taken for a part of `cluster10`."""
    sentence = "give cluster10 the addresses 172.18.0.1-172.18.0.9 beside cluster1"

    assert kind_of(sentence, ("cluster1",)) == "give cluster10 the addresses … beside …"
