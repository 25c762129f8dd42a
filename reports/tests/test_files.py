from pathlib import Path

import pytest

from reports import files


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    """The new text stands and nothing else lies beside it."""
    path = tmp_path / "new" / "report.json"
    files.write(path, "one")
    files.write(path, "two")

    assert path.read_text() == "two"
    assert list(path.parent.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    """Text that cannot be encoded changes nothing on disk."""
    path = tmp_path / "report.json"
    files.write(path, "one")

    with pytest.raises(UnicodeEncodeError):
        files.write(path, "\ud800")

    assert path.read_text() == "one"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_moves_to_its_new_target(tmp_path: Path) -> None:
    """`latest` leads to the last one pointed to, by a relative path."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        files.point(tmp_path / "latest", tmp_path / name)

    assert (tmp_path / "latest").readlink() == Path("b")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a", "b", "latest"]
