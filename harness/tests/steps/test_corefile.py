from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from harness.access import Manifest
from harness.errors import NotYet, UsageError
from harness.steps.corefile import (
    CLUSTER_DNS,
    RESOLVER,
    change_corefile,
    corefile_of,
    restart_with,
)
from harness.tests.fakes import FakeKube, hold_pod
from harness.tests.first_look import first_look

OLD, NEW = ".:53 { reload 2s }\n", ".:53 { reload 2s }\nglobal:53 {}\n"


@dataclass
class FakeCoreDns(FakeKube):
    """A cluster whose CoreDNS pods read a new Corefile and say what they make of it."""

    says: Callable[[str, str], str] = lambda _pod, _text: "[INFO] Reloading complete\n"
    """What a pod logs of a text."""

    def __post_init__(self) -> None:
        """Run two pods with the old Corefile."""
        self.hold("ConfigMap", "coredns", "kube-system", data={"Corefile": OLD})
        for name in ("coredns-1", "coredns-2"):
            pod = hold_pod(self, name, "kube-system", app="dns")
            pod["metadata"]["labels"] = {"k8s-app": "kube-dns"}
            self.said[name] = "[INFO] Reloading complete\n[ERROR] reload failed: long ago\n"

    def patch(self, kind: str, name: str, patch: Manifest, namespace: str | None = None) -> None:
        """Let the pods read a Corefile that is put there."""
        super().patch(kind, name, patch, namespace)
        if kind == "ConfigMap":
            text = patch["data"]["Corefile"]
            self.said = {pod: said + self.says(pod, text) for pod, said in self.said.items()}


def corefile(kube: FakeKube) -> str:
    """Return the cluster's Corefile."""
    return corefile_of(kube, CLUSTER_DNS)


def to_new(_: str) -> str:
    """Return the new Corefile."""
    return NEW


def test_a_corefile_that_is_not_there_is_not_yet() -> None:
    """Its ConfigMap is told by namespace and name."""
    with pytest.raises(NotYet, match="ConfigMap istio-system/istiocoredns is not there"):
        corefile_of(FakeKube(), RESOLVER)


def test_a_change_is_made_once_every_pod_serves_it() -> None:
    """The change is given the Corefile that is there; what pods said before does not count."""
    kube = FakeCoreDns()

    assert change_corefile(kube, CLUSTER_DNS, lambda text: text + "global:53 {}\n", where="east")

    assert NEW == corefile(kube)


def test_what_need_not_change_is_left_alone() -> None:
    """A Corefile that is as wanted is not written: nothing would be read."""
    kube = FakeCoreDns()

    assert not change_corefile(kube, CLUSTER_DNS, lambda text: text, where="east")

    assert [] == kube.calls


def refusing(*pods: str) -> Callable[[str, str], str]:
    """Return what is said when these pods refuse the new Corefile."""

    def says(pod: str, text: str) -> str:
        if text == NEW and pod in pods:
            return "[ERROR] Restart failed: reload failed: unknown directive 'x'\n"
        return "[INFO] Reloading complete\n"

    return says


@pytest.mark.parametrize("pods", [("coredns-1",), ("coredns-2",), ("coredns-1", "coredns-2")])
def test_a_corefile_that_is_refused_is_taken_back(pods: tuple[str, ...]) -> None:
    """One refusing pod is enough; its own words are told, and the old file is there again."""
    kube = FakeCoreDns(says=refusing(*pods))

    with pytest.raises(UsageError, match=r"^east: coredns refuses .*unknown directive 'x'"):
        change_corefile(kube, CLUSTER_DNS, to_new, where="east")

    assert OLD == corefile(kube)


@pytest.mark.parametrize("silent", ["coredns-1", "coredns-2"])
def test_a_pod_that_has_not_read_it_is_awaited_and_nudged(silent: str) -> None:
    """The kubelet is made to write the file now; which pod is late is told."""
    kube = FakeCoreDns(says=lambda pod, _: "" if pod == silent else "[INFO] Reloading complete\n")

    told = first_look(lambda: change_corefile(kube, CLUSTER_DNS, to_new, where="east"))

    assert f"east: coredns reads its new Corefile: {silent} has not read it yet" == told
    assert [silent] == [name for _, kind, _, name, *_ in kube.calls if kind == "Pod"]


def test_a_pod_on_its_way_out_is_not_asked() -> None:
    """An earlier rollout may end meanwhile: what its pods serve does not matter any more."""
    kube = FakeCoreDns(says=lambda pod, _: "" if pod == "coredns-2" else "Reloading complete\n")
    kube.objects["Pod", "kube-system", "coredns-2"]["metadata"]["deletionTimestamp"] = "now"

    assert change_corefile(kube, CLUSTER_DNS, to_new, where="east")


def test_pods_that_all_go_have_decided_nothing() -> None:
    """A change that nobody was seen to take is not taken for one."""
    kube = FakeCoreDns()
    for name in ("coredns-1", "coredns-2"):
        kube.objects["Pod", "kube-system", name]["metadata"]["deletionTimestamp"] = "now"

    told = first_look(lambda: change_corefile(kube, CLUSTER_DNS, to_new, where="east"))

    assert "no pod that was there before is there still" in told


def settled(kube: FakeKube) -> None:
    """Put a Deployment of CoreDNS there that is rolled out."""
    counts = dict.fromkeys(("replicas", "updatedReplicas", "readyReplicas"), 2)
    kube.hold(
        "Deployment",
        "coredns",
        "kube-system",
        metadata={"generation": 3},
        spec={"replicas": 2},
        status={"observedGeneration": 3, **counts},
    )


def test_pods_may_be_started_anew_to_read_a_corefile() -> None:
    """The file is written, the pods' template is stamped, and the new pods are awaited."""
    kube = FakeCoreDns()
    settled(kube)

    restart_with(kube, CLUSTER_DNS, to_new, where="east")

    assert NEW == corefile(kube)
    template: Any = kube.objects["Deployment", "kube-system", "coredns"]["spec"]["template"]
    assert template["metadata"]["annotations"]["meshproof.dev/corefile"]


def test_pods_are_not_started_anew_for_nothing() -> None:
    """A Corefile that is as wanted restarts nobody."""
    kube = FakeCoreDns()

    restart_with(kube, CLUSTER_DNS, lambda text: text, where="east")

    assert [] == kube.calls


def test_new_pods_are_awaited() -> None:
    """The step is not over before they serve."""
    kube = FakeCoreDns()

    told = first_look(lambda: restart_with(kube, CLUSTER_DNS, to_new, where="east"))

    assert told.startswith("east: Deployment kube-system/coredns is rolled out")
