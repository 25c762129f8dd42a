"""Which versions package registries serve whole, and what belongs to each of them."""

from dataclasses import dataclass
import re

from harness.errors import UsageError
from harness.settings import RELEASE, Versions


@dataclass(frozen=True, slots=True)
class KubernetesRelease:
    """The tags that kubeadm of this minor version asks for."""

    coredns_tag: str
    pause_tag: str
    etcd_suffix: str


KUBERNETES = {"1.34": KubernetesRelease(coredns_tag="v1.12.1", pause_tag="3.10.1", etcd_suffix="0")}

_CONTRIB = "v1.36.1-0.20260729145720-a2d8c7492908"
_API = {"istio.io/api": "v1.31.1", "istio.io/client-go": "v1.31.1"}
_PLANE = "github.com/envoyproxy/go-control-plane"

ISTIO: dict[str, dict[str, str]] = {
    "1.31.1": {
        "istio.io/istio": "v0.0.0-20260916195427-190ae921b848",
        **_API,
        f"{_PLANE}/envoy": "v1.40.0",
        f"{_PLANE}/contrib": _CONTRIB,
    },
    "1.31.0": {
        "istio.io/istio": "v0.0.0-20260827124520-eed52ebb66ad",
        **_API,
        f"{_PLANE}/envoy": "v1.40.0",
        f"{_PLANE}/contrib": _CONTRIB,
    },
    "1.29.2": {
        "istio.io/istio": "v0.0.0-20260409200358-0c774325b938",
        **_API,
        f"{_PLANE}/envoy": "v1.37.0",
        f"{_PLANE}/contrib": _CONTRIB,
        "github.com/openshift/api": "v0.0.0-20260501191448-a49973eaef53",
    },
}
"""The modules that Istio of a release is built from: of what Istio itself names, not all is served;
the next version that is stands here."""


ENVOY = {"1.29": "1.37.0", "1.30": "1.38.3", "1.31": Versions().envoy}
"""The Envoy that each minor version of Istio is made for, nearest that PyPI serves."""


def with_istio(istio: str) -> Versions:
    """Return the versions of a run with this Istio, its Envoy among them; empty: the tested one.

    Raises UsageError when it is no version; whether it can be had is another question.
    """
    tested = Versions()
    if not istio:
        return tested
    if not re.match(RELEASE, istio):
        raise UsageError(f"istio {istio}: no version: write it as {tested.istio}")
    envoy = ENVOY.get(minor(istio), tested.envoy)
    return tested.model_copy(update={"istio": istio, "envoy": envoy})


def minor(version: str) -> str:
    """Return `1.34` of `1.34.4`."""
    return ".".join(version.split(".")[:2])


def check_served(versions: Versions) -> None:
    """Raise UsageError with every version that cannot be built."""
    problems = []
    if minor(versions.kubernetes) not in KUBERNETES:
        problems.append(
            f"kubernetes {versions.kubernetes}: cannot be built here; "
            f"choose one of {', '.join(f'{known}.x' for known in KUBERNETES)} or official images"
        )
    if versions.istio not in ISTIO:
        problems.append(
            f"istio {versions.istio}: no registry serves all of its modules; "
            f"choose one of {', '.join(ISTIO)} or official images"
        )
    if problems:
        raise UsageError(*problems)
