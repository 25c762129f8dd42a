from pathlib import Path

import pytest

from harness.engine.stack import build as build_module
from harness.engine.stack.build import build
from harness.engine.stack.golang import Toolchain
from harness.engine.stack.make import Workshop
from harness.engine.stack.parts import GoModule, Part, Wheel
from harness.engine.stack.progress import Progress
from harness.engine.stack.store import Store
from harness.errors import CancelledError, HostError
from harness.tests.stack_shell import FakeShell

FIRST = Part("first", "the first", Wheel("first==1", ()), 5)
SECOND = Part("second", "the second", Wheel("second==1", ()), 7, needs=("first",))


class FakeMaker:
    """Notes what is made, in a folder that must be empty, and raises what it is told to."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.problems: dict[str, BaseException] = {}

    def __call__(self, part: Part, fingerprint: str, folder: Path, workshop: Workshop) -> None:
        """Pretend to make the part."""
        assert not list(folder.iterdir())
        assert all(workshop.made[need].exists() for need in part.needs)
        (folder / "fingerprint").write_text(fingerprint)
        self.made.append(part.name)
        if part.name in self.problems:
            raise self.problems[part.name]


@pytest.fixture
def maker(monkeypatch: pytest.MonkeyPatch) -> FakeMaker:
    """A maker that makes nothing real."""
    fake = FakeMaker()
    monkeypatch.setattr(build_module, "make", fake)
    return fake


def _build(folder: Path, *parts: Part, shell: FakeShell | None = None) -> list[Progress]:
    told: list[Progress] = []
    build(parts, Store(folder), shell or FakeShell(), told.append, install=False)
    return told


def test_parts_are_made_once(tmp_path: Path, maker: FakeMaker) -> None:
    """The first build makes every part after what it needs, the second one none."""
    _build(tmp_path, FIRST, SECOND)
    assert maker.made == ["first", "second"]
    assert _build(tmp_path, FIRST, SECOND) == []
    assert maker.made == ["first", "second"]


def test_a_build_that_was_cut_off_goes_on_at_the_part(tmp_path: Path, maker: FakeMaker) -> None:
    """After a part was cut off, the next build makes it anew and keeps what was whole."""
    maker.problems["second"] = CancelledError("stopped")
    with pytest.raises(CancelledError):
        _build(tmp_path, FIRST, SECOND)
    maker.problems.clear()
    _build(tmp_path, FIRST, SECOND)
    assert maker.made == ["first", "second", "second"]


def test_every_failure_is_told(tmp_path: Path, maker: FakeMaker) -> None:
    """Parts that fail side by side are all named, each with the way out."""
    other = Part("other", "the other", Wheel("other==1", ()), 1)
    maker.problems["first"] = OSError(28, "No space left on device", "/cache/file")
    maker.problems["other"] = HostError("other: broken")
    with pytest.raises(HostError) as caught:
        _build(tmp_path, FIRST, other)
    problems = sorted(caught.value.problems)
    assert problems[0].startswith("the first: /cache/file: No space left")
    assert "MESHPROOF_CACHE" in problems[0]
    assert problems[1].startswith("the other: other: broken")


def test_nothing_is_started_after_a_failure(tmp_path: Path, maker: FakeMaker) -> None:
    """What needs a part that failed is never tried."""
    maker.problems["first"] = HostError("no")
    with pytest.raises(HostError):
        _build(tmp_path, FIRST, SECOND)
    assert maker.made == ["first"]


def test_a_bug_stays_a_bug(tmp_path: Path, maker: FakeMaker) -> None:
    """An error that nobody foresaw is raised as it is, and what still runs is ended."""
    maker.problems["first"] = ZeroDivisionError("a bug")
    shell = FakeShell()
    with pytest.raises(ZeroDivisionError):
        _build(tmp_path, FIRST, shell=shell)
    assert shell.aborted == 1


def test_a_build_tells_how_far_it_is(tmp_path: Path, maker: FakeMaker) -> None:
    """Each part is announced with the time it took before and counted when it is made."""
    del maker
    Store(tmp_path).keep_durations({"second": 3.0})
    told = _build(tmp_path, FIRST, SECOND)
    assert [(made.state, made.title, made.done, made.total) for made in told] == [
        ("planned", "tools and images", 0, 2),
        ("started", "the first", 0, 2),
        ("made", "the first", 1, 2),
        ("started", "the second", 1, 2),
        ("made", "the second", 2, 2),
    ]
    assert str(told[1]) == "stack [0/2]: making the first, usually takes 5 s"
    assert str(told[3]) == "stack [1/2]: making the second, took 3 s last time"
    assert set(Store(tmp_path).durations()) == {"first", "second"}


def test_go_builds_come_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two Go modules are never built at once, whatever else goes on beside them."""
    at_once: list[int] = []
    going = 0

    def make(part: Part, fingerprint: str, folder: Path, workshop: Workshop) -> None:
        nonlocal going
        del part, fingerprint, folder, workshop
        going += 1
        at_once.append(going)
        going -= 1

    monkeypatch.setattr(build_module, "make", make)
    modules = [Part(name, name, GoModule(name, (), ()), 1) for name in "abc"]
    told = _build(tmp_path, *modules)
    assert at_once == [1, 1, 1]
    started = [made.done for made in told if made.state == "started"]
    assert started == [0, 1, 2]


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A cache folder in the place of a file is an error of the host that names it."""
    (tmp_path / "file").write_text("")
    with pytest.raises(HostError, match="file"):
        _build(tmp_path / "file" / "stack", FIRST)


def test_without_install_no_tool_chain_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no Go on PATH and installing refused, the error says what to install."""
    monkeypatch.setenv("PATH", str(tmp_path))
    shell = FakeShell()
    with pytest.raises(HostError, match=r"install Go 1\.26 or later"):
        Toolchain(shell, tmp_path, install=False).program()
    assert shell.ran == []
