"""`verify`: a mesh up, judged and put away, by pytest with pytest's own options."""

from enum import StrEnum
from typing import Annotated

import typer

from harness.cli import options
from harness.cli.pytest_process import absolute, become_pytest, handed_on
from harness.errors import UsageError


class KeepWord(StrEnum):
    """Which meshes stay up."""

    NEVER = "never"
    ON_FAILURE = "on-failure"
    ALWAYS = "always"


def verify(  # noqa: PLR0913  # one for each option
    *,
    topology: options.Topologies = None,
    every: Annotated[bool, typer.Option("--all", help="Every shipped topology.")] = False,
    expression: options.Expression = "",
    prove: options.Prove = False,
    keep: Annotated[KeepWord, typer.Option(help="Which meshes stay up.")] = KeepWord.NEVER,
    workers: Annotated[
        str,
        typer.Option(
            "--workers",
            "-n",
            metavar="N|auto",
            help="How many topologies side by side.",
            show_default="as many as the machine carries",
        ),
    ] = "",
    engine: options.Engine = None,
    images: options.Images = None,
    istio_version: options.IstioVersion = "",
    no_install: options.NoInstall = False,
    context: options.Contexts = None,
    kubeconfig: options.Kubeconfig = None,
    check_only: Annotated[
        bool, typer.Option("--check-only", help="Install nothing on clusters of yours.")
    ] = False,
    resolve_gateway: Annotated[
        bool,
        typer.Option(
            "--resolve-gateway", help="Look up the host name that a gateway of yours is given."
        ),
    ] = False,
    dump: options.Dump = options.DumpWord.ON_FAILURE,
    pytest_args: options.PytestArgs = None,
) -> None:
    """Bring a mesh up, judge every claim about it, and put it away.

    meshproof verify
    meshproof verify -t primary-remote
    meshproof verify --all --keep on-failure
    meshproof verify --istio-version 1.29.2
    meshproof verify --prove -k gateway -- -x -vv
    meshproof verify -t multi-primary --context cluster1=a --context cluster2=b

    Exit codes: 0 all claims hold, 1 the mesh failed, 4 wrong usage, 5 nothing ran, 10 the machine
    lacks something, 11 inconclusive, 12 a bug of meshproof.
    """
    from harness.topology_file import DEFAULT, find, known  # noqa: PLC0415  # loads pydantic

    if workers not in ("", "auto") and not workers.isdecimal():
        raise UsageError(f"workers {workers!r}: neither a number nor auto: give one of them")
    for name in topology or []:
        find(name)
    count = len(known()) if every else len(set(topology or DEFAULT))
    chosen = {
        "--engine": engine,
        "--images": images,
        "--keep": keep if keep is not KeepWord.NEVER else None,
        "--dump": dump if dump is not options.DumpWord.ON_FAILURE else None,
        "-k": expression or None,
        "--istio-version": istio_version or None,
        "-n": workers or ("auto" if count > 1 else None),
    }
    args = [f"--topology={absolute(name)}" for name in topology or []]
    args += [word for option, value in chosen.items() if value for word in (option, str(value))]
    args += [f"--context={each}" for each in context or []]
    args += [f"--kubeconfig={kubeconfig.absolute()}"] if kubeconfig else []
    args += ["--check-only"] * check_only + ["--resolve-gateway"] * resolve_gateway
    args += ["--all"] * every + ["--no-install"] * no_install
    become_pytest(*args, *handed_on(pytest_args or [], prove=prove))
