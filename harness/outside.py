"""A run on clusters that the user brings: no engine is started, no cluster is made or deleted."""

from collections.abc import Mapping
from datetime import UTC, datetime
import os
from pathlib import Path

from harness.card import RUNS, Card, Keep, Options, new_name
from harness.drivers.shell import LocalShell
from harness.engine import Stack, Tools
from harness.engine.choose import Choice
from harness.engine.existing import NoEngine
from harness.engine.owner import Owner
from harness.engine.stack.on_path import tools_on_path
from harness.engine.stack.parts import fingerprints
from harness.engine.stack.recipe import stack_parts
from harness.engine.stack.store import Store, cache_folder
from harness.errors import HostError
from harness.providers.contexts import Context
from harness.run import Run
from harness.settings import Settings


def outside(
    contexts: Mapping[str, Context], options: Options, *, check_only: bool, resolve: bool = False
) -> Run:
    """Return a run whose clusters are these; raises HostError when no istioctl fits them.

    With `check_only` what is to be judged is up already; otherwise it is installed, and taken
    away at the end. Of the options only which meshes stay and whose images they run matter here;
    with `resolve` a gateway's host name is looked up.
    """
    built = (options.images or os.environ.get("MESHPROOF_IMAGES")) == "built"
    settings = Settings(upstream_envoy=built, resolve_gateway=resolve)
    moment = datetime.now(UTC)
    owner = Owner.this_process(new_name(moment))
    nowhere = Path("not-needed")
    card = Card(
        id=owner.run,
        started=moment,
        choice=Choice("existing", "existing", "contexts were given", "whatever runs there"),
        owner=owner,
        stack=Stack(
            tools=Tools(kind=nowhere, kubectl=nowhere, istioctl=_istioctl(), metallb=nowhere),
            images=settings.images,
            versions=settings.versions,
            upstream_envoy=settings.upstream_envoy,
            containerd_root=None,
            node_archive=None,
            digests={},
        ),
        settings=settings,
        keep=Keep.ALWAYS if check_only else options.keep,
        environment={},
        timings={},
        contexts=dict(contexts),
    )
    folder = RUNS / owner.run
    card.write(folder)
    return Run(folder, card, NoEngine(), attached=check_only)


def _istioctl() -> Path:
    versions = Settings().versions
    found = tools_on_path(versions, LocalShell()).get("istioctl")
    if found:
        return found
    parts = stack_parts(versions)
    keys = fingerprints(parts)
    istio = next(part for part in parts if part.name == "istio")
    built = Store(cache_folder() / "stack").folder(istio, keys["istio"]) / "bin" / "istioctl"
    if built.is_file():
        return built
    raise HostError(
        f"istioctl {versions.istio}: not on PATH: install it, or `meshproof images build` makes it"
    )
