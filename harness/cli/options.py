"""Options that several verbs share, each said once."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class EngineWord(StrEnum):
    """Where clusters run."""

    AUTO = "auto"
    DOCKER = "docker"
    EMBEDDED = "embedded"


class ImagesWord(StrEnum):
    """Whose images they run."""

    AUTO = "auto"
    UPSTREAM = "upstream"
    BUILT = "built"


class DumpWord(StrEnum):
    """Whether a mesh that is red is dumped."""

    ON_FAILURE = "on-failure"
    NEVER = "never"


class Output(StrEnum):
    """How a list is written."""

    TABLE = "table"
    SHORT = "short"
    JSON = "json"


Topologies = Annotated[
    list[str] | None,
    typer.Option(
        "--topology",
        "-t",
        metavar="NAME|FILE",
        help="A shipped topology, or a YAML file of yours; repeatable.",
        show_default="a mesh of each kind",
    ),
]
Topology = Annotated[
    str,
    typer.Option(
        "--topology",
        "-t",
        metavar="NAME|FILE",
        help="A shipped topology, or a YAML file of yours.",
    ),
]
TheirTopology = Annotated[
    str,
    typer.Option("--topology", "-t", metavar="NAME|FILE", help="What clusters of yours are to be."),
]
Expression = Annotated[
    str,
    typer.Option("-k", metavar="EXPR", help="Only the claims that match, as pytest has it."),
]
Prove = Annotated[
    bool, typer.Option("--prove", help="Break each mesh, too: the claims must turn red.")
]
PytestArgs = Annotated[
    list[str] | None,
    typer.Argument(metavar="[-- PYTEST_ARGS]...", help="Handed on to pytest as they are."),
]
Engine = Annotated[
    EngineWord | None,
    typer.Option(help="Where clusters run.", show_default="$MESHPROOF_ENGINE, or auto"),
]
Images = Annotated[
    ImagesWord | None,
    typer.Option(help="Whose images they run.", show_default="$MESHPROOF_IMAGES, or auto"),
]
IstioVersion = Annotated[
    str,
    typer.Option(
        "--istio-version",
        metavar="VERSION",
        help="Another Istio than the one meshproof is tested with.",
    ),
]
NoInstall = Annotated[
    bool,
    typer.Option("--no-install", help="Install no Debian package, fetch no tool chain."),
]
Contexts = Annotated[
    list[str] | None,
    typer.Option(
        "--context",
        metavar="CLUSTER=CONTEXT[@KUBECONFIG]",
        help="Clusters of yours: which context reaches which; repeatable.",
    ),
]
Kubeconfig = Annotated[
    Path | None,
    typer.Option(help="Where the contexts are.", show_default="$KUBECONFIG"),
]
Dump = Annotated[
    DumpWord,
    typer.Option("--dump", help="Gather logs, objects and proxies' configuration of a red mesh."),
]
Format = Annotated[Output, typer.Option("--output", "-o", help="How to write it.")]
RunName = Annotated[
    str | None,
    typer.Option("--run", metavar="RUN", help="Which one, where several meshes are up."),
]
