"""What tests of the bench share: a site without programs, and the order of one topology."""

from ipaddress import IPv4Address
from pathlib import Path

from harness.addresses import AddressRange
from harness.bench.documents import DocumentsOrder, Site
from harness.bench.site import plain_config
from harness.settings import Settings
from harness.tests.topologies import primary_remote


def site() -> Site:
    """Return a site whose programs do not exist."""
    clusters = primary_remote().clusters
    mounts = {"/var/lib/containerd": Path("/clone")}
    return Site(
        kind=Path("kind"),
        kubectl=Path("kubectl"),
        istioctl=Path("istioctl"),
        metallb=Path("/stack/metallb.yaml"),
        kubeconfig=Path("/run/kubeconfig"),
        kind_names={each.name: f"mp-{each.name}" for each in clusters},
        kind_configs={
            each.name: plain_config(each, kubernetes="1.34.4", run="run", mounts=mounts, tuned=True)
            for each in clusters
        },
        node_image="kindest/node:v1.34.4",
        pools={
            each.name: AddressRange(IPv4Address(f"172.18.{nth}.1"), IPv4Address(f"172.18.{nth}.16"))
            for nth, each in enumerate(clusters)
        },
    )


def order() -> DocumentsOrder:
    """Return the documents' order of primary-remote at that site."""
    return DocumentsOrder(primary_remote(), Settings(), site())
