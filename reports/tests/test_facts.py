from pathlib import Path

from reports.facts import unopened


def test_a_run_that_could_not_be_opened_bears_the_name_it_was_to_have(tmp_path: Path) -> None:
    """So that whoever named it finds its record; without one it says what became of it."""
    named = unopened(tmp_path, command=("pytest",), name="112107aa")
    unnamed = unopened(tmp_path, command=("pytest",))

    assert (named.id, named.folder) == ("112107aa", tmp_path / "112107aa")
    assert unnamed.id.startswith("unopened-")
