from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.access import Manifest
from harness.addresses import AddressRange
from harness.errors import RefusedError
from harness.steps.load_balancer import (
    InstallLoadBalancer,
    ProvidePool,
    pool,
    prompt,
)
from harness.tests.fakes import FakeKube, fake_mesh
from harness.tests.first_look import first_look
from harness.tests.topologies import primary_remote

POOL = AddressRange.parse("172.18.255.239-172.18.255.254")


def running(kind: str, name: str) -> dict[str, Any]:
    """Return what runs MetalLB's pods, of the shape that MetalLB's own manifests have."""
    container = {
        "name": name,
        "args": ["--port=7472"],
        "readinessProbe": {"httpGet": {"path": "/metrics"}, "initialDelaySeconds": 10},
    }
    return {
        "kind": kind,
        "metadata": {"name": name, "namespace": "metallb-system"},
        "spec": {"template": {"spec": {"containers": [container]}}},
    }


def metallb() -> list[dict[str, Any]]:
    """Return manifests of the kinds that MetalLB's are."""
    return [
        {"kind": "Namespace", "metadata": {"name": "metallb-system"}},
        running("Deployment", "controller"),
        running("DaemonSet", "speaker"),
        {"kind": "ValidatingWebhookConfiguration", "metadata": {"name": "metallb-webhook"}},
    ]


def container_of(manifest: Manifest) -> dict[str, Any]:
    """Return the container of what runs pods."""
    container: dict[str, Any] = manifest["spec"]["template"]["spec"]["containers"][0]
    return container


def test_metallb_comes_without_its_webhook() -> None:
    """The webhook is neither registered nor served; all else is kept, in order."""
    kept = prompt(metallb())

    assert ["Namespace", "Deployment", "DaemonSet"] == [each["kind"] for each in kept]
    assert ["--port=7472", "--webhook-mode=disabled"] == container_of(kept[1])["args"]
    assert ["--port=7472"] == container_of(kept[2])["args"]


def test_metallbs_pods_are_asked_every_second_whether_they_are_ready() -> None:
    """The probe asks what it always asked, but early and often."""
    _, controller, speaker = prompt(metallb())

    wanted = {"httpGet": {"path": "/metrics"}, "initialDelaySeconds": 1, "periodSeconds": 1}
    assert [wanted, wanted] == [
        container_of(each)["readinessProbe"] for each in (controller, speaker)
    ]


def test_metallbs_own_manifests_are_left_as_they_are() -> None:
    """What was read from the file is not changed by what is made of it."""
    manifests = metallb()

    prompt(manifests)

    assert metallb() == manifests


def test_metallb_is_applied_from_its_own_file(tmp_path: Path) -> None:
    """The file's documents are applied to the cluster, empty ones left out, and then the key."""
    file = tmp_path / "metallb.yaml"
    file.write_text("---\n" + yaml.safe_dump_all(metallb()) + "---\n")
    fake = fake_mesh(primary_remote(), load_balancer=file)

    InstallLoadBalancer("west")(fake.mesh)

    assert [
        ("apply", "Namespace", "", "metallb-system"),
        ("apply", "Deployment", "metallb-system", "controller"),
        ("apply", "DaemonSet", "metallb-system", "speaker"),
        ("apply", "Secret", "metallb-system", "memberlist"),
    ] == fake.kubes["west"].calls
    assert [] == fake.kubes["east"].calls


def test_speakers_share_a_key_that_nobody_else_has(tmp_path: Path) -> None:
    """Each cluster's key is made anew, long enough to be one."""
    file = tmp_path / "metallb.yaml"
    file.write_text(yaml.safe_dump_all(metallb()))
    fake = fake_mesh(primary_remote(), load_balancer=file)

    for name in ("east", "west"):
        InstallLoadBalancer(name)(fake.mesh)

    keys = {
        kube.objects["Secret", "metallb-system", "memberlist"]["stringData"]["secretkey"]
        for kube in fake.kubes.values()
    }
    assert len(keys) == 2
    assert min(len(key) for key in keys) >= 64


def test_a_pool_holds_the_range_and_is_announced() -> None:
    """The addresses as MetalLB writes them, and the announcement that names the pool."""
    addresses, announced = pool(POOL)

    assert ("IPAddressPool", ["172.18.255.239-172.18.255.254"]) == (
        addresses["kind"],
        addresses["spec"]["addresses"],
    )
    assert ("L2Advertisement", [addresses["metadata"]["name"]]) == (
        announced["kind"],
        announced["spec"]["ipAddressPools"],
    )
    assert {"metallb-system"} == {each["metadata"]["namespace"] for each in (addresses, announced)}


def hold_metallb(kube: FakeKube, controllers: int, speakers: int) -> None:
    """Put a MetalLB there of which so many are ready."""
    kube.hold("Deployment", "controller", "metallb-system", status={"readyReplicas": controllers})
    kube.hold("DaemonSet", "speaker", "metallb-system", status={"numberReady": speakers})


@pytest.mark.parametrize(
    ("seen", "controllers", "speakers"),
    [
        ("", 1, 1),
        ("0 controllers and 1 speakers ready", 0, 1),
        ("1 controllers and 0 speakers ready", 1, 0),
    ],
)
def test_a_pool_is_in_force_when_controller_and_speaker_are_ready(
    seen: str, controllers: int, speakers: int
) -> None:
    """Applied is not enough: who gives the addresses away and who announces them must serve."""
    fake = fake_mesh(primary_remote())
    hold_metallb(fake.kubes["east"], controllers, speakers)

    told = first_look(lambda: ProvidePool("east", POOL)(fake.mesh))

    assert (f"east: MetalLB serves: {seen}" if seen else "") == told
    assert pool(POOL)[0] == fake.kubes["east"].get("IPAddressPool", "meshproof", "metallb-system")


def test_a_metallb_that_is_not_there_serves_nothing() -> None:
    """Without Deployment and DaemonSet nobody is ready."""
    fake = fake_mesh(primary_remote())

    told = first_look(lambda: ProvidePool("east", POOL)(fake.mesh))

    assert "east: MetalLB serves: 0 controllers and 0 speakers ready" == told


def test_a_pool_is_offered_again_until_its_kind_is_known() -> None:
    """404 means that MetalLB's definitions are not in force yet."""
    fake = fake_mesh(primary_remote())
    hold_metallb(fake.kubes["east"], 1, 1)
    fake.kubes["east"].refusal = RefusedError("no matches for IPAddressPool", status=404)

    told = first_look(lambda: ProvidePool("east", POOL)(fake.mesh))

    assert "east: MetalLB takes a pool: no matches for IPAddressPool" == told


def test_a_pool_that_is_refused_is_not_offered_again() -> None:
    """Any other refusal passes through at once."""
    fake = fake_mesh(primary_remote())
    fake.kubes["east"].refusal = RefusedError("forbidden", status=403)

    with pytest.raises(RefusedError, match="forbidden"):
        ProvidePool("east", POOL)(fake.mesh)
