from hypothesis import given
import pytest

from harness.corefile.lexer import Comment, Word, lex, position
from harness.tests.corefiles import AWKWARD


def words(corefile: str) -> list[str]:
    """Return the words of a Corefile without where they stand."""
    return [each.text for each in lex(corefile) if isinstance(each, Word)]


@pytest.mark.parametrize(
    ("corefile", "expected"),
    [
        (".:53 {\n\terrors\n}\n", [".:53", "{", "errors", "}"]),
        ('"a b" c', ["a b", "c"]),
        ('"a"b', ["a", "b"]),
        ('a"b c"', ['a"b', 'c"']),
        (r'"a\"b" "c\d" "e\\"', ['a"b', r"c\d", r"e\\"]),
        ('"two\nlines" x', ["two\nlines", "x"]),
        ("a # b\nc", ["a", "c"]),
        ("# a b\nc", ["c"]),
        ("a#b c\nd", ["a", "c", "d"]),
        ('"a"#b c\nd', ["a", "d"]),
        ("a\rb\r\nc", ["ab", "c"]),
        ("\ufeffa", ["a"]),
        ("a\u00a0b\x1cc", ["a", "b\x1cc"]),
        ("a{ }b {", ["a{", "}b", "{"]),
        ('""', [""]),
        ('"', []),
        ('"never ended', ["never ended"]),
        ('"ends in \\', ["ends in "]),
    ],
)
def test_words_are_cut_as_coredns_cuts_them(corefile: str, expected: list[str]) -> None:
    """Quotes, backslashes, comments and carriage returns mean what they mean to CoreDNS."""
    assert words(corefile) == expected


def test_a_word_knows_its_lines() -> None:
    """A quoted word that spans lines ends on a later one than it begins."""
    first, second = (each for each in lex('\n"a\nb" c') if isinstance(each, Word))
    assert (first.line, first.last_line) == (2, 3)
    assert second.line == 3


def test_a_place_is_said_by_line_and_column() -> None:
    """Lines and columns count from 1."""
    assert position("ab\ncd", 0) == "Corefile:1:1"
    assert position("ab\ncd", 4) == "Corefile:2:2"


@given(AWKWARD)
def test_words_and_comments_stand_where_they_say(corefile: str) -> None:
    """Whatever the text: nothing overlaps, nothing is out of order, comments are verbatim."""
    end = 0
    for each in lex(corefile):
        assert end <= each.start < each.end <= len(corefile)
        end = each.end
        if isinstance(each, Comment):
            assert corefile[each.start : each.end] == each.text
            assert "\n" not in each.text
