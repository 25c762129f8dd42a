"""Versions, images and limits of one run; frozen, and written into its record.

The defaults are what meshproof is tested with. Which images carry them, the official ones or those
built from package registries, is decided by the engine and told here as `Images`.
"""

from pydantic import BaseModel, ConfigDict

RELEASE = r"^\d+\.\d+\.\d+(-[0-9a-z.]+)?$"
"""How a version is written: three numbers without a leading v, such as 1.31.1 or 1.32.0-rc.1."""


class Frozen(BaseModel):
    """A value that never changes once made and accepts no key it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Versions(Frozen):
    """What runs; without a leading v."""

    istio: str = "1.31.1"
    kubernetes: str = "1.34.4"
    kind: str = "0.33.0"
    metallb: str = "0.15.2"
    coredns: str = "1.12.4"
    envoy: str = "1.39.3"
    etcd: str = "3.6.5"
    httpbin: str = "2.26.0"


class Images(Frozen):
    """Image references, as manifests name them."""

    node: str = "kindest/node:v1.34.4"
    sleep: str = "docker.io/curlimages/curl:8.16.0"
    httpbin: str = "docker.io/mccutchen/go-httpbin:v2.26.0"
    coredns: str = "registry.k8s.io/coredns/coredns:v1.12.1"
    istio_hub: str = "docker.io/istio"
    istio_tag: str = "1.31.1"


class Settings(Frozen):
    """All that a plan needs to know beside the topology."""

    versions: Versions = Versions()
    images: Images = Images()
    upstream_envoy: bool = False
    """Whether proxyv2 carries upstream Envoy, which lacks Istio's own extensions: every istiod is
    then told not to ask for them."""
    resolve_gateway: bool = False
    """Whether a gateway whose address is a host name is taken at the address it has just now."""
    mesh_id: str = "mesh1"
    pool_size: int = 16
    """Load-balancer addresses claimed for each cluster."""
