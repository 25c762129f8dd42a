"""`images`: the tools and images that a run needs, listed, built, carried to another machine."""

from pathlib import Path
from typing import Annotated, Any

import typer

from harness.cli import options, tables

app = typer.Typer(help="List and build the tools and images that runs need.", no_args_is_help=True)
COLUMNS = ("image", "digest")


@app.command("list")
def list_images(*, output: options.Format = options.Output.TABLE) -> None:
    """List every image that is built here, with its digest.

    meshproof images list -o json
    """
    from harness.engine.stack.cluster_images import cluster_images  # noqa: PLC0415
    from harness.engine.stack.served import check_served  # noqa: PLC0415
    from harness.settings import Versions  # noqa: PLC0415

    versions = Versions()
    check_served(versions)
    digests = _digests()
    names = [image.reference for image in cluster_images(versions)]
    rows: list[dict[str, Any]] = [
        {"image": name, "digest": digests.get(name, "not built yet")}
        for name in sorted({*names, *digests})
    ]
    tables.write(rows, COLUMNS, output)


@app.command("build")
def build_images(
    *, istio_version: options.IstioVersion = "", no_install: options.NoInstall = False
) -> None:
    """Build what is not there yet, from package registries; a run does the same by itself.

    meshproof images build
    meshproof images build --istio-version 1.29.2
    """
    from harness.drivers.shell import LocalShell  # noqa: PLC0415
    from harness.engine.stack.provide import provide  # noqa: PLC0415
    from harness.engine.stack.served import with_istio  # noqa: PLC0415

    def tell(made: object) -> None:
        typer.echo(str(made))

    versions = with_istio(istio_version)
    stack = provide("built", versions, LocalShell(), tell, install=not no_install)
    typer.echo(f"{len(stack.digests)} images are built: `meshproof images list` names them")


@app.command("export")
def export_images(
    *,
    file: Annotated[Path, typer.Argument(help="The tar file to write, of some 3 GB.")],
) -> None:
    """Write all that was built to one file, for a machine that has no registry.

    meshproof images export bench.tar
    """
    from harness.drivers.shell import LocalShell  # noqa: PLC0415
    from harness.engine.stack.carry import export  # noqa: PLC0415
    from harness.engine.stack.recipe import stack_parts  # noqa: PLC0415
    from harness.engine.stack.store import Store, cache_folder  # noqa: PLC0415
    from harness.settings import Versions  # noqa: PLC0415

    export(stack_parts(Versions()), Store(cache_folder() / "stack"), file, LocalShell())
    size = file.stat().st_size / 2**30
    typer.echo(f"{file} ({size:.1f} GiB): `meshproof images import` takes it in elsewhere")


@app.command("import")
def import_images(
    *,
    file: Annotated[Path, typer.Argument(help="What `meshproof images export` wrote.")],
) -> None:
    """Take in what was built on another machine of the same kind.

    meshproof images import bench.tar
    """
    from harness.drivers.shell import LocalShell  # noqa: PLC0415
    from harness.engine.stack.carry import take_in  # noqa: PLC0415
    from harness.engine.stack.store import Store, cache_folder  # noqa: PLC0415

    new = take_in(Store(cache_folder() / "stack"), file, LocalShell())
    typer.echo(f"new here: {', '.join(new)}" if new else "all of it was here already")


def _digests() -> dict[str, str]:
    import json  # noqa: PLC0415

    from harness.engine.stack.parts import fingerprints  # noqa: PLC0415
    from harness.engine.stack.recipe import stack_parts  # noqa: PLC0415
    from harness.engine.stack.store import Store, cache_folder  # noqa: PLC0415
    from harness.settings import Versions  # noqa: PLC0415

    store, parts = Store(cache_folder() / "stack"), stack_parts(Versions())
    keys = fingerprints(parts)
    found: dict[str, str] = {}
    for part in parts:
        file = store.folder(part, keys[part.name]) / "digests.json"
        if file.is_file():
            found |= json.loads(file.read_text())
    return found
