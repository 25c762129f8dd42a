from harness.bench.account import Pair, Span, as_json, medians


def pair(documents: float, meshproof: float) -> Pair:
    """Return a pair whose sides took this long."""
    return Pair(
        (Span("clusters", 0, documents / 2), Span("matrix", documents / 2, documents)),
        (Span("clusters", 0, meshproof), Span("gateway", 1, 2)),
    )


def test_the_ratio_is_that_of_the_last_ends() -> None:
    """Phases that overlap count once: a side took as long as its last phase ended."""
    assert (100.0, 40.0) == pair(100, 40).seconds
    assert pair(100, 40).ratio == 2.5


def test_the_table_has_the_documents_phases_and_what_we_did_in_each() -> None:
    """A phase that meshproof does not have stays empty on its side."""
    lines = list(pair(100, 40).table())

    assert [line.split()[0] for line in lines] == ["phase", "clusters", "matrix", "whole", "ratio"]
    assert " ".join(lines[1].split()) == "clusters 0.0 to 50.0 s 0.0 to 40.0 s"
    assert " ".join(lines[2].split()) == "matrix 50.0 to 100.0 s"
    assert lines[-1] == "ratio 2.50"


def test_medians_are_of_each_side_and_of_the_ratios() -> None:
    """The median ratio is that of the pairs, not that of the two medians."""
    pairs = [pair(100, 40), pair(90, 45), pair(120, 30)]

    assert medians(pairs) == "median of 3: documents 100.0 s, meshproof 40.0 s, ratio 2.50"


def test_json_holds_every_span_and_the_ratio() -> None:
    """What is written can be compared again without rounding the sides."""
    (written,) = as_json([pair(100, 30)])

    assert written["ratio"] == 3.333
    assert written["documents"][1] == {"name": "matrix", "began": 50.0, "ended": 100.0}
