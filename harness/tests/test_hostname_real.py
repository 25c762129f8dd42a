"""A cloud whose load balancer gives its gateway a host name, as those of EKS do."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
import json
from pathlib import Path
import threading

import pytest

from harness.drivers.shell import LocalShell
from harness.errors import HarnessError
from harness.mesh import GATEWAY, SYSTEM
from harness.tests.theirs import Theirs, theirs
from harness.topology_file import find

pytestmark = pytest.mark.e2e

TOPOLOGY = find("primary-remote")
NAME = "eastwest.lb.test"


@pytest.fixture(scope="module")
def clusters() -> Iterator[Theirs]:
    """Plain clusters without a load balancer."""
    with theirs(TOPOLOGY, load_balancer=False) as clusters:
        yield clusters


@pytest.fixture(autouse=True)
def cloud(clusters: Theirs) -> Iterator[None]:
    """A fake cloud: it takes the node for its load balancer and says only the node's name."""
    with in_the_background(lambda: balance(clusters)):
        yield


@contextmanager
def in_the_background(look: Callable[[], None]) -> Iterator[None]:
    """Look again and again, twice a second, until the end."""
    over = threading.Event()

    def turn() -> None:
        while not over.wait(0.5):
            # the gateway is not there yet, or no longer
            with suppress(HarnessError):
                look()

    thread = threading.Thread(target=turn)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def balance(clusters: Theirs) -> None:
    """Lead the node's address to the gateway, and name it in the Service's status."""
    cluster = TOPOLOGY.names[0]
    kube = clusters.mesh.kube(cluster)
    service = kube.get("Service", GATEWAY, SYSTEM)
    if service is None or service["status"]["loadBalancer"]:
        return
    outside = {"spec": {"externalIPs": [clusters.mesh.node(cluster).address]}}
    kube.patch("Service", GATEWAY, outside, SYSTEM)
    said = {"status": {"loadBalancer": {"ingress": [{"hostname": NAME}]}}}
    kubectl = [str(clusters.run.card.stack.tools.kubectl)]
    where = [f"--kubeconfig={clusters.kubeconfig(cluster)}", f"--namespace={SYSTEM}"]
    patch = ["patch", "service", GATEWAY, "--subresource=status", "--type=merge"]
    LocalShell().run([*kubectl, *where, *patch, f"--patch={json.dumps(said)}"], timeout=30)


def test_the_name_is_refused_before_the_remote_is_installed(clusters: Theirs) -> None:
    """The refusal says why and what to do, and nothing of the remote is there."""
    code, said = clusters.verified(*clusters.contexts, "-k", "istiod_runs")

    assert code == 4, said
    assert f"its gateway's address is the host name {NAME}" in said
    assert "--resolve-gateway" in said
    remote = clusters.mesh.kube(TOPOLOGY.names[1])
    assert [] == remote.list("MutatingWebhookConfiguration", selector="app=sidecar-injector")


def test_the_name_is_looked_up_where_that_is_wanted(clusters: Theirs, tmp_path: Path) -> None:
    """The remote is given the address, and every claim of the mesh holds."""
    hosts = tmp_path / "hosts"
    node = clusters.mesh.node(TOPOLOGY.names[0]).address
    hosts.write_text(f"127.0.0.1 localhost\n{node} {NAME}\n")
    known = ("unshare", "--mount", "sh", "-c", f'mount --bind {hosts} /etc/hosts && exec "$@"', "-")

    code, said = clusters.verified(
        *clusters.contexts, "--resolve-gateway", "-m", "not prove", within=known
    )

    assert code == 0, said
