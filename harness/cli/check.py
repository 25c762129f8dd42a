"""`check`: every claim about a mesh that is up, which stays up."""

from pathlib import Path
from typing import Annotated

import typer

from harness.cli import options


def check(  # noqa: PLR0913  # one for each option
    *,
    run: options.RunName = None,
    expression: options.Expression = "",
    prove: Annotated[
        bool, typer.Option("--prove", help="Break the mesh, too, and heal it.")
    ] = False,
    topology: options.TheirTopology = "",
    context: options.Contexts = None,
    kubeconfig: options.Kubeconfig = None,
    dump: options.Dump = options.DumpWord.ON_FAILURE,
    pytest_args: options.PytestArgs = None,
) -> None:
    """Judge every claim about a mesh that is up; nothing is brought up or put away.

    meshproof check
    meshproof check -k "identity or root"
    meshproof check --run 11210503 -- -vv
    meshproof check -t multi-primary --context cluster1=kind-a --context cluster2=kind-b
    """
    from harness.cli.pytest_process import absolute, become_pytest, handed_on  # noqa: PLC0415
    from harness.cli.standing import kept  # noqa: PLC0415  # loads pydantic and more
    from harness.drivers.shell import LocalShell  # noqa: PLC0415
    from harness.errors import UsageError  # noqa: PLC0415
    from harness.providers.contexts import named  # noqa: PLC0415
    from harness.topology_file import find  # noqa: PLC0415

    args = [f"--topology={absolute(topology)}"] if topology and find(topology) else []
    if context and run:
        raise UsageError("--context with --run: clusters are yours or a run's: take one of them")
    if context:
        named(context, kubeconfig or Path())
        args += [f"--context={each}" for each in context]
        args += [f"--kubeconfig={kubeconfig.absolute()}"] if kubeconfig else []
        args.append("--check-only")
    else:
        there = kept(LocalShell(), run)
        args.append(f"--run={there.name}")
        args += [f"--topology={run}"] if run in there.topologies and not topology else []
    args += ["-k", expression] if expression else []
    args += [f"--dump={dump}"] if dump is not options.DumpWord.ON_FAILURE else []
    become_pytest(*args, *handed_on(pytest_args or [], prove=prove))
