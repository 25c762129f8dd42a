"""Looks, installs what it may, judges: what a run does before all else, and `doctor` alone."""

from collections.abc import Callable
from pathlib import Path

from harness.access import Shell
from harness.engine.choose import Choice
from harness.engine.finding import Finding, bad
from harness.engine.host import look
from harness.engine.install import install, packages_for
from harness.engine.preflight import judge
from harness.engine.stack.parts import fingerprints
from harness.engine.stack.recipe import stack_parts
from harness.engine.stack.store import Store
from harness.errors import CommandError, HostError
from harness.settings import Versions


def is_built(choice: Choice, versions: Versions, cache: Path) -> bool:
    """Whether the choice's images are there without any building of ours."""
    if choice.images == "upstream":
        return True
    store, parts = Store(cache / "stack"), stack_parts(versions)
    keys = fingerprints(parts)
    return all(store.folder(part, keys[part.name]).is_dir() for part in parts)


def examine(
    shell: Shell, choice: Choice, *, versions: Versions, cache: Path
) -> tuple[Finding, ...]:
    """Return what this machine has and lacks for the choice; nothing is changed."""
    built = is_built(choice, versions, cache)
    return judge(look(shell, cache), choice, versions=versions, built=built)


def ready(  # noqa: PLR0913  # all of it is what a run knows at its beginning
    shell: Shell,
    choice: Choice,
    *,
    versions: Versions,
    cache: Path,
    may_install: bool,
    say: Callable[[str], None],
) -> tuple[Finding, ...]:
    """Install missing Debian packages where that is allowed and possible, and return the findings.

    Raises HostError with everything that is missing, each with its way out.
    """
    host, built = look(shell, cache), is_built(choice, versions, cache)
    _, packages = packages_for(host, embedded=choice.engine == "embedded", building=not built)
    trouble: tuple[str, ...] = ()
    if packages and may_install and host.root and host.apt:
        try:
            install(shell, packages, say)
        except CommandError as problem:
            trouble = (str(problem),)
        host = look(shell, cache)
    findings = judge(host, choice, versions=versions, built=built)
    if problems := (*bad(findings), *trouble):
        raise HostError(*problems)
    return findings
