import re

import pytest

from harness.engine.stack.images import Copy, Entry, Link, Root, Tree
from harness.engine.stack.parts import (
    ContainerdRoot,
    GoModule,
    NodeArchive,
    Part,
    RootFileSystem,
    Wheel,
    fingerprints,
)
from harness.engine.stack.recipe import stack_parts, tool_parts
from harness.engine.stack.served import ENVOY, ISTIO, minor, with_istio
from harness.errors import UsageError
from harness.settings import Images, Versions

PARTS = {part.name: part for part in stack_parts(Versions())}


def _changed(**versions: str) -> set[str]:
    before = fingerprints(stack_parts(Versions()))
    after = fingerprints(stack_parts(Versions(**versions)))
    return {name for name in before if before[name] != after[name]}


@pytest.mark.parametrize(
    ("version", "changed"),
    [
        ({"istio": "1.31.0"}, {"istio", "images"}),
        ({"envoy": "1.40.0"}, {"envoy", "images"}),
        ({"kubernetes": "1.34.5"}, {"kubernetes", "addons", "node", "images"}),
        ({"metallb": "0.15.3"}, {"kubernetes", "addons", "node", "images"}),
    ],
    ids=["istio", "envoy", "kubernetes", "metallb"],
)
def test_a_version_changes_its_own_parts(version: dict[str, str], changed: set[str]) -> None:
    """Another version changes the parts it goes into and those made of them, and no other."""
    assert _changed(**version) == changed


def _produces(part: Part) -> set[str]:
    match part.recipe:
        case GoModule(programs=programs, taken=taken):
            names = {name for program in programs for name in (program.name, *program.also)}
            return {f"bin/{name}" for name in names} | {item.name for item in taken}
        case Wheel(files=files):
            return {name for _, name in files}
        case RootFileSystem():
            return {"root.tar"}
        case _:
            return set()


def _images() -> list[tuple[Part, tuple[Entry | Root, ...]]]:
    found: list[tuple[Part, tuple[Entry | Root, ...]]] = []
    for part in PARTS.values():
        match part.recipe:
            case ContainerdRoot(images=images):
                pass
            case NodeArchive(image=image):
                images = (image,)
            case _:
                continue
        for image in images:
            found.extend(
                (part, (layer,) if isinstance(layer, Root) else layer.entries)
                for layer in image.layers
            )
    return found


def test_images_are_made_of_what_their_part_needs() -> None:
    """Every file of an image is made by a part that is named as needed."""
    for part, entries in _images():
        for entry in entries:
            if isinstance(entry, Root | Copy | Tree):
                owner, _, path = entry.source.partition("/")
                assert owner in part.needs
                assert path in _produces(PARTS[owner])


def test_no_image_replaces_a_link_of_debian() -> None:
    """No file of an image lies below /bin, /sbin or /lib, which are links into /usr."""
    paths = [
        entry.path for _, entries in _images() for entry in entries if not isinstance(entry, Root)
    ]
    assert paths
    assert not [path for path in paths if re.match(r"/(bin|sbin|lib)(/|$)", path)]


def test_every_image_of_the_settings_is_there() -> None:
    """The images that settings name by default are among those that are built."""
    recipe = PARTS["images"].recipe
    assert isinstance(recipe, ContainerdRoot)
    references = {image.reference for image in recipe.images}
    wanted = Images()
    assert {wanted.sleep, wanted.httpbin, wanted.coredns} <= references
    hub, tag = wanted.istio_hub, wanted.istio_tag
    assert {f"{hub}/pilot:{tag}", f"{hub}/proxyv2:{tag}"} <= references


def test_parts_come_after_what_they_need() -> None:
    """A part stands after each part that it needs."""
    seen: set[str] = set()
    for part in stack_parts(Versions()):
        assert seen >= set(part.needs)
        seen.add(part.name)


@pytest.mark.parametrize("istio", sorted(ISTIO))
def test_an_istio_of_the_table_is_pinned_whole(istio: str) -> None:
    """The go.mod of each Istio that can be had names its modules with the pinned versions."""
    recipe = {part.name: part for part in stack_parts(Versions(istio=istio))}["istio"].recipe
    assert isinstance(recipe, GoModule)
    for module, pin in ISTIO[istio].items():
        assert f"\n\t{module} {pin}\n" in recipe.go_mod
    assert "$" not in recipe.go_mod


@pytest.mark.parametrize("istio", sorted(ISTIO))
def test_an_istio_of_the_table_comes_with_its_own_envoy(istio: str) -> None:
    """Nothing else changes with it; without a name it is what meshproof is tested with."""
    versions = with_istio(istio)

    assert versions == Versions(istio=istio, envoy=ENVOY[minor(istio)])
    assert with_istio("") == Versions()


@pytest.mark.parametrize("word", ["1.31", "v1.31.0", "latest", "1.31.0 "])
def test_what_is_no_version_is_refused(word: str) -> None:
    """With the way to write one."""
    with pytest.raises(UsageError, match="no version: write it as"):
        with_istio(word)


def test_kubernetes_staging_modules_follow_its_version() -> None:
    """Kubernetes 1.34.5 is built with the staging modules of 0.34.5."""
    parts = {part.name: part for part in stack_parts(Versions(kubernetes="1.34.5"))}
    recipe = parts["kubernetes"].recipe
    assert isinstance(recipe, GoModule)
    assert "k8s.io/kubernetes v1.34.5" in recipe.go_mod
    assert "k8s.io/api => k8s.io/api v0.34.5" in recipe.go_mod
    stamped = {name: value for program in recipe.programs for name, value in program.stamps}
    assert stamped["k8s.io/component-base/version.gitVersion"] == "v1.34.5"


def test_versions_that_are_not_served_are_all_named() -> None:
    """A version that cannot be built is refused, each with what can be had instead."""
    with pytest.raises(UsageError) as caught:
        stack_parts(Versions(istio="1.30.0", kubernetes="1.35.0"))
    kubernetes, istio = caught.value.problems
    assert kubernetes.startswith("kubernetes 1.35.0")
    assert "1.34.x" in kubernetes
    assert istio.startswith("istio 1.30.0")
    assert "1.29.2" in istio


def test_only_missing_tools_are_built() -> None:
    """With official images only the tools that are missing have a part."""
    names = [part.name for part in tool_parts(Versions(), ("istioctl", "metallb"))]
    assert names == ["istioctl", "metallb"]
    assert tool_parts(Versions(), ()) == ()


def test_the_node_starts_its_services() -> None:
    """The node image enables containerd and the kubelet, and masks what would touch the host."""
    recipe = PARTS["node"].recipe
    assert isinstance(recipe, NodeArchive)
    layer = recipe.image.layers[1]
    assert not isinstance(layer, Root)
    links = {entry.path: entry.target for entry in layer.entries if isinstance(entry, Link)}
    wanted = "/etc/systemd/system/multi-user.target.wants"
    assert {f"{wanted}/containerd.service", f"{wanted}/kubelet.service"} <= links.keys()
    assert links["/etc/systemd/system/systemd-binfmt.service"] == "/dev/null"
    assert recipe.image.stop_signal == "SIGRTMIN+3"
