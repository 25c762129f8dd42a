import pytest

from harness.bench.sequence import Command


def test_what_others_said_takes_the_place_of_their_names() -> None:
    """Words and input are filled, the rest of the command stays."""
    command = Command(("route", "via", "${NODE}"), "address: ${NODE}", "DONE", awaits=True)

    assert command.filled({"NODE": "172.18.0.2"}) == Command(
        ("route", "via", "172.18.0.2"), "address: 172.18.0.2", "DONE", awaits=True
    )


def test_a_name_that_nobody_said_is_an_error() -> None:
    """A sequence in the wrong order never runs a command with a hole."""
    with pytest.raises(KeyError, match="NODE"):
        Command(("route", "via", "${NODE}")).filled({})
