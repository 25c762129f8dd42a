import threading

import pytest

from harness.errors import NotYet
from harness.probes.together import SIDE_BY_SIDE, together


def test_answers_come_in_the_order_of_their_questions() -> None:
    """However long each takes."""
    assert [0, 1, 4, 9] == together(lambda number: number * number, range(4))
    assert [] == together(str, ())


def test_questions_are_put_at_once() -> None:
    """As many as fit: each waits until all the others have been put, too."""
    all_there = threading.Barrier(SIDE_BY_SIDE, timeout=10)

    answers = together(lambda _: all_there.wait(), range(SIDE_BY_SIDE))

    assert set(range(SIDE_BY_SIDE)) == set(answers)


def test_a_look_that_fails_is_not_lost() -> None:
    """Its cause reaches whoever asked."""

    def look(_: int) -> None:
        raise NotYet("it is not there")

    with pytest.raises(NotYet, match="it is not there"):
        together(look, range(2))
