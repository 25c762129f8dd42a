"""Provides tools and images: official images with fitting tools, or a stack that is all built."""

import json
from typing import Literal

from harness.access import Shell
from harness.engine import Stack, Tools
from harness.engine.stack.build import Tell, build
from harness.engine.stack.on_path import tools_on_path
from harness.engine.stack.recipe import stack_parts, tool_parts
from harness.engine.stack.store import Store, cache_folder
from harness.settings import Images, Versions


def provide(
    images: Literal["upstream", "built"],
    versions: Versions,
    shell: Shell,
    tell: Tell,
    *,
    install: bool,
) -> Stack:
    """Return a stack that is whole, having built what was not there yet.

    With `install` false no tool chain is fetched: then Go must be on PATH where something has to
    be built. Raises UsageError for versions that no registry serves, HostError when building fails.
    """
    store = Store(cache_folder() / "stack")
    if images == "upstream":
        return _upstream(versions, store, shell, tell, install=install)
    parts = {part.name: part for part in stack_parts(versions)}
    made = build(tuple(parts.values()), store, shell, tell, install=install)
    node = json.loads((made["node"] / "digests.json").read_text())
    (reference,) = node
    return Stack(
        tools=Tools(
            kind=made["addons"] / "bin" / "kind",
            kubectl=made["kubernetes"] / "bin" / "kubectl",
            istioctl=made["istio"] / "bin" / "istioctl",
            metallb=made["addons"] / "metallb-native.yaml",
        ),
        images=_images(versions, node=reference),
        versions=versions,
        upstream_envoy=True,
        containerd_root=made["images"] / "root",
        node_archive=made["node"] / "node.tar",
        digests=json.loads((made["images"] / "digests.json").read_text()) | node,
    )


def _upstream(
    versions: Versions, store: Store, shell: Shell, tell: Tell, *, install: bool
) -> Stack:
    tools = tools_on_path(versions, shell)
    missing = [name for name in ("kind", "kubectl", "istioctl", "metallb") if name not in tools]
    made = build(tool_parts(versions, missing), store, shell, tell, install=install)
    for name, folder in made.items():
        inside = "metallb-native.yaml" if name == "metallb" else f"bin/{name}"
        tools[name] = folder / inside
    return Stack(
        tools=Tools(**tools),
        images=_images(versions, node=f"kindest/node:v{versions.kubernetes}"),
        versions=versions,
        upstream_envoy=False,
        containerd_root=None,
        node_archive=None,
        digests={},
    )


def _images(versions: Versions, *, node: str) -> Images:
    return Images(
        node=node,
        httpbin=f"docker.io/mccutchen/go-httpbin:v{versions.httpbin}",
        istio_tag=versions.istio,
    )
