"""MetalLB: install it, and hand it the addresses that it may give away."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any, ClassVar

import yaml

from harness.access import Manifest
from harness.addresses import AddressRange
from harness.errors import NotYet, RefusedError
from harness.mesh import Layer, Mesh
from harness.patience import until

NAMESPACE = "metallb-system"
NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class InstallLoadBalancer:
    """MetalLB is applied; its pods may still be starting.

    Its webhook only validates pools, which are computed here, and answers half a minute late
    because the controller restarts once for its certificates: it is left out. Its pods are asked
    every second whether they are ready, not after ten, and the key they share is there at once.
    """

    cluster: str
    layer: ClassVar[Layer] = Layer.BENCH
    seconds: ClassVar[float] = 60

    def __str__(self) -> str:
        return f"install MetalLB in {self.cluster}"

    def __call__(self, mesh: Mesh) -> None:
        manifests = yaml.safe_load_all(mesh.load_balancer.read_text())
        mesh.kube(self.cluster).apply(
            *prompt([each for each in manifests if each]), shared_key(token_urlsafe(96))
        )


@dataclass(frozen=True, slots=True)
class ProvidePool:
    """The pool is in force: accepted, and the controller that gives it away is ready."""

    cluster: str
    addresses: AddressRange
    layer: ClassVar[Layer] = Layer.BENCH
    seconds: ClassVar[float] = 90

    def __str__(self) -> str:
        return f"give {self.cluster} the addresses {self.addresses}"

    def __call__(self, mesh: Mesh) -> None:
        kube = mesh.kube(self.cluster)

        def accepted() -> None:
            try:
                kube.apply(*pool(self.addresses))
            except RefusedError as refusal:
                if refusal.status == NOT_FOUND:
                    raise NotYet(str(refusal)) from refusal
                raise

        def serving() -> None:
            deployment = kube.get("Deployment", "controller", NAMESPACE) or {}
            speakers = kube.get("DaemonSet", "speaker", NAMESPACE) or {}
            ready = (
                deployment.get("status", {}).get("readyReplicas", 0),
                speakers.get("status", {}).get("numberReady", 0),
            )
            if 0 in ready:
                raise NotYet(f"{ready[0]} controllers and {ready[1]} speakers ready")

        until(f"{self.cluster}: MetalLB takes a pool", accepted, self.seconds)
        until(f"{self.cluster}: MetalLB serves", serving, self.seconds)


def pool(addresses: AddressRange) -> tuple[Manifest, Manifest]:
    """Return the pool of these addresses and its announcement on the local link."""
    api = "metallb.io/v1beta1"
    metadata = {"name": "meshproof", "namespace": NAMESPACE}
    return (
        {
            "apiVersion": api,
            "kind": "IPAddressPool",
            "metadata": metadata,
            "spec": {"addresses": [str(addresses)]},
        },
        {
            "apiVersion": api,
            "kind": "L2Advertisement",
            "metadata": metadata,
            "spec": {"ipAddressPools": ["meshproof"]},
        },
    )


def shared_key(key: str) -> Manifest:
    """Return the Secret that speakers find each other by; the controller would make it late."""
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "memberlist", "namespace": NAMESPACE},
        "stringData": {"secretkey": key},
    }


def prompt(manifests: Sequence[Manifest]) -> tuple[Manifest, ...]:
    """Return MetalLB's manifests without its webhook, its pods ready as soon as they are."""
    kept: list[Manifest] = []
    for manifest in manifests:
        if manifest["kind"] == "ValidatingWebhookConfiguration":
            continue
        changed = deepcopy(dict(manifest))
        if manifest["kind"] in {"Deployment", "DaemonSet"}:
            container: dict[str, Any] = changed["spec"]["template"]["spec"]["containers"][0]
            container["readinessProbe"] |= {"initialDelaySeconds": 1, "periodSeconds": 1}
            if manifest["kind"] == "Deployment":
                container["args"].append("--webhook-mode=disabled")
        kept.append(changed)
    return tuple(kept)
