import json
from pathlib import Path

import pytest

from harness.engine.stack import build as build_module
from harness.engine.stack import provide
from harness.engine.stack.make import Workshop
from harness.engine.stack.parts import Part
from harness.engine.stack.progress import Progress
from harness.settings import Versions
from harness.tests.stack_shell import FakeShell, Program


def _ignore(_progress: Progress) -> None:
    """Take no notice."""


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the parts that were made, by a fake maker, in a cache of the test's own."""
    names: list[str] = []

    def make(part: Part, fingerprint: str, folder: Path, workshop: Workshop) -> None:
        del workshop
        names.append(part.name)
        reference = f"meshproof/node:{fingerprint[:12]}" if part.name == "node" else "an/image:1"
        (folder / "digests.json").write_text(json.dumps({reference: f"sha256:{part.name}"}))

    monkeypatch.setattr(build_module, "make", make)
    monkeypatch.setenv("MESHPROOF_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    return names


def _on_path(folder: Path, *names: str) -> None:
    for name in names:
        (folder / "bin" / name).write_text("#!/bin/sh\n")
        (folder / "bin" / name).chmod(0o755)


def test_a_built_stack_is_whole(tmp_path: Path, made: list[str]) -> None:
    """A built stack has all its files in the cache, and its node image carries its fingerprint."""
    stack = provide("built", Versions(istio="1.31.0"), FakeShell(), _ignore, install=False)
    assert set(made) == {
        "base",
        "node-root",
        "kubernetes",
        "addons",
        "istio",
        "envoy",
        "node",
        "images",
    }
    assert stack.upstream_envoy
    assert stack.containerd_root is not None
    assert stack.node_archive is not None
    paths = (stack.tools.kind, stack.containerd_root, stack.node_archive)
    assert all(path.is_relative_to(tmp_path / "cache") for path in paths)
    assert stack.images.istio_tag == "1.31.0"
    assert stack.digests == {stack.images.node: "sha256:node", "an/image:1": "sha256:images"}
    assert stack.images.node.rpartition(":")[2] in stack.node_archive.parent.name


def _versions(kind: str, kubectl: str, istioctl: str) -> dict[str, Program]:
    client = json.dumps({"clientVersion": {"gitVersion": kubectl}})
    return {
        "--client": lambda _argv: client,
        "--remote=false": lambda _argv: f"client version: {istioctl}\n",
        "version": lambda _argv: f"kind {kind} go1.26.8 linux/amd64\n",
    }


def test_fitting_tools_of_path_are_used(tmp_path: Path, made: list[str]) -> None:
    """With official images only MetalLB's manifest is fetched where every tool fits."""
    _on_path(tmp_path, "kind", "kubectl", "istioctl")
    shell = FakeShell(_versions("v0.34.1", "v1.35.0", "1.31.1"))
    stack = provide("upstream", Versions(), shell, _ignore, install=False)
    assert made == ["metallb"]
    assert stack.tools.kubectl == tmp_path / "bin" / "kubectl"
    assert stack.images.node == "kindest/node:v1.34.4"
    assert (stack.containerd_root, stack.node_archive, stack.digests) == (None, None, {})
    assert not stack.upstream_envoy


@pytest.mark.parametrize(
    ("says", "built"),
    [
        (("v0.32.0", "v1.34.4", "1.31.1"), {"kind", "metallb"}),
        (("v0.33.0", "v1.32.9", "1.31.1"), {"kubectl", "metallb"}),
        (("v0.33.0", "v1.34.4", "1.31.0"), {"istioctl", "metallb"}),
        (("unknown", "unknown", "unknown"), {"kind", "kubectl", "istioctl", "metallb"}),
    ],
    ids=["old kind", "old kubectl", "other istioctl", "no versions"],
)
def test_tools_that_do_not_fit_are_built(
    tmp_path: Path, made: list[str], says: tuple[str, str, str], built: set[str]
) -> None:
    """A tool on PATH whose version does not fit is built instead, the others are taken."""
    _on_path(tmp_path, "kind", "kubectl", "istioctl")
    provide("upstream", Versions(), FakeShell(_versions(*says)), _ignore, install=False)
    assert set(made) == built
