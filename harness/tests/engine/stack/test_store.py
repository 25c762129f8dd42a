from pathlib import Path

from filelock import FileLock
import pytest

from harness.engine.stack import store as store_module
from harness.engine.stack.parts import Part, Wheel
from harness.engine.stack.store import Store, cache_folder
from harness.errors import HostError

PART = Part("tool", "a tool", Wheel("tool==1", ()), 1)
PRINT = "0123456789abcdef"


def _nothing() -> None:
    """Take no notice."""


def test_a_part_that_was_made_is_whole(tmp_path: Path) -> None:
    """What was made lies in the part's folder, and nothing lies beside it."""
    store = Store(tmp_path)
    with store.building(_nothing), store.making(PART, PRINT) as folder:
        (folder / "file").write_text("content")
        assert not store.folder(PART, PRINT).exists()
    assert (store.folder(PART, PRINT) / "file").read_text() == "content"
    assert not list(tmp_path.glob("*.unfinished"))


def test_a_part_whose_making_failed_is_not_there(tmp_path: Path) -> None:
    """An error while a part is made leaves neither the part nor a rest of it."""
    store = Store(tmp_path)

    def make_half() -> None:
        with store.making(PART, PRINT) as folder:
            (folder / "file").write_text("half")
            raise KeyboardInterrupt

    with store.building(_nothing), pytest.raises(KeyboardInterrupt):
        make_half()
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]


def test_what_a_killed_build_left_is_put_away(tmp_path: Path) -> None:
    """The next build removes unfinished folders, and keeps what is whole."""
    store = Store(tmp_path)
    left = tmp_path / "tool-0123.unfinished"
    left.mkdir()
    (left / "file").write_text("half")
    whole = store.folder(PART, PRINT)
    whole.mkdir()
    with store.building(_nothing):
        assert not left.exists()
        assert whole.exists()


def test_a_second_builder_says_that_it_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another one builds, the wait is told, and it has an end that names the way out."""
    monkeypatch.setattr(store_module, "LONGEST", 0.05)
    told: list[str] = []
    with (
        FileLock(tmp_path / "lock"),
        pytest.raises(HostError, match="MESHPROOF_CACHE"),
        Store(tmp_path).building(lambda: told.append("waits")),
    ):
        pytest.fail("two builders at a time")
    assert told == ["waits"]


def test_durations_are_remembered(tmp_path: Path) -> None:
    """How long parts took is there for the next run, and a broken file counts as none."""
    store = Store(tmp_path)
    assert store.durations() == {}
    store.keep_durations({"tool": 2.5})
    assert Store(tmp_path).durations() == {"tool": 2.5}
    (tmp_path / "durations.json").write_text("{")
    assert store.durations() == {}


def test_the_cache_lies_where_the_user_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MESHPROOF_CACHE comes before XDG_CACHE_HOME, which comes before ~/.cache."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("MESHPROOF_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert cache_folder() == tmp_path / ".cache" / "meshproof"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder() == tmp_path / "xdg" / "meshproof"
    monkeypatch.setenv("MESHPROOF_CACHE", str(tmp_path / "own"))
    assert cache_folder() == tmp_path / "own"
