from threading import Event, Thread

import pytest

from harness.dump.bounds import Purse, cut, side_by_side, within
from harness.patience import now


def test_an_answer_in_time_is_returned() -> None:
    """It is what was asked for, and its error is who asked's to see."""

    def fails() -> None:
        raise OSError("no such pod")

    assert within(5, lambda: 42) == 42
    with pytest.raises(OSError, match="no such pod"):
        within(5, fails)


def test_a_question_that_hangs_is_left_behind() -> None:
    """Who asked goes on after the time it gave."""
    ended, began = Event(), now()

    with pytest.raises(TimeoutError):
        within(0.05, ended.wait)

    assert now() - began < 5
    ended.set()


def test_work_is_done_side_by_side() -> None:
    """Each can wait for the other, and all is done at the end."""
    one, other = Event(), Event()
    done: list[bool] = []

    def meets(mine: Event, theirs: Event) -> None:
        mine.set()
        done.append(theirs.wait(5))

    side_by_side([lambda: meets(one, other), lambda: meets(other, one)])

    assert [True, True] == done


@pytest.mark.parametrize(
    ("data", "most", "head", "tail"),
    [
        (b"one\ntwo\nthree\n", 14, b"one\ntwo\nthree\n", b"one\ntwo\nthree\n"),
        (b"one\ntwo\nthree\n", 8, b"one\ntwo\n", b"three\n"),
        (b"one\ntwo\nthree\n", 7, b"one\n", b"three\n"),
        (b"0123456789", 4, b"0123", b""),
    ],
)
def test_a_long_text_is_cut_at_a_line(data: bytes, most: int, head: bytes, tail: bytes) -> None:
    """The end of a log is kept, the beginning of a list; what is left out is told."""
    for keeps, kept, which in (("head", head, "last"), ("tail", tail, "first")):
        found, said = cut(data, most, "head" if keeps == "head" else "tail")
        lost = len(data) - len(kept)
        assert (kept, f"cut: its {which} {lost} bytes are left out" if lost else "") == (
            found,
            said,
        )


def test_a_purse_pays_no_more_than_it_holds() -> None:
    """What is too much is not paid at all, whoever asks at the same time."""
    purse = Purse(100)
    paid: list[bool] = []
    threads = [Thread(target=lambda: paid.append(purse.pays(30))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (3, 90) == (sum(paid), purse.spent)
    assert purse.pays(10)
    assert not purse.pays(1)
