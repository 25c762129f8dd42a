import json

from harness.dump.index import Entry, Index, page, to_json

WHOLE = Entry("east", "pods", 0.5, 100)
LOST = Entry("west", "events.txt", 8.0, 0, "no answer within 8 s")
INDEX = Index("primary-remote", "test_x\nit is not so", 8.25, 100, (WHOLE, LOST))


def test_programs_read_what_each_piece_came_to() -> None:
    """All of it, as JSON."""
    read = json.loads(to_json(INDEX))

    assert {"topology", "cause", "seconds", "bytes", "entries"} == set(read)
    assert read["entries"][1] == {
        "cluster": "west",
        "piece": "events.txt",
        "seconds": 8.0,
        "bytes": 0,
        "error": "no answer within 8 s",
    }


def test_the_page_begins_with_what_was_red() -> None:
    """Then what is missing, then the clusters side by side."""
    said = page(INDEX, [("east: pods", "NAME\nhttpbin\n"), ("west: pods", "none\n")])

    order = ["when it was red", "it is not so", "west/events.txt: no answer", "east: pods", "none"]
    places = [said.index(words) for words in order]
    assert places == sorted(places)


def test_a_page_without_a_cause_says_of_none() -> None:
    """A mesh may be dumped that is not red; nothing missing is not told either."""
    said = page(Index("mixed", "", 1.0, 5, (WHOLE,)), [])

    assert said.startswith("# What mixed looked like\n")
    assert "Missing" not in said
