import threading

import pytest

from harness.errors import CancelledError, UnreachableError
from harness.patience import cancellable
from harness.probes import pods
from harness.tests.fakes import FakeMesh, fake_mesh, hold_pod
from harness.tests.first_look import first_look
from harness.tests.topologies import primary_remote
from harness.topology import Discovery


def furnished() -> FakeMesh:
    """Return a mesh with pods of several kinds in east, and one httpbin in west."""
    fake = fake_mesh(primary_remote())
    east = fake.kubes["east"]
    hold_pod(east, "httpbin-b", app="httpbin")
    hold_pod(east, "httpbin-a", app="httpbin")
    hold_pod(east, "httpbin-starting", app="httpbin", ready=False)
    hold_pod(east, "httpbin-going", app="httpbin")["metadata"]["deletionTimestamp"] = "now"
    hold_pod(east, "httpbin-elsewhere", "other", app="httpbin")
    hold_pod(east, "sleep-1", app="sleep")
    hold_pod(fake.kubes["west"], "httpbin-c", app="httpbin")
    return fake


def test_pods_that_run_are_ready_and_stay() -> None:
    """Those that start, go, or live in another namespace are left out; the rest is sorted."""
    mesh = furnished().mesh

    assert ["httpbin-a", "httpbin-b"] == pods.running(mesh, "east", "httpbin", "sample")


def test_a_pod_without_a_status_is_not_ready() -> None:
    """What was only just accepted has no conditions yet."""
    fake = fake_mesh(primary_remote())
    del hold_pod(fake.kubes["east"], "httpbin-new", app="httpbin")["status"]

    assert [] == pods.running(fake.mesh, "east", "httpbin", "sample")


def test_every_ready_httpbin_has_its_home() -> None:
    """The pod that answers a call is mapped to its cluster, whichever that is."""
    assert {"httpbin-a": "east", "httpbin-b": "east", "httpbin-c": "west"} == pods.homes(
        furnished().mesh
    )


def test_homes_are_sought_where_httpbin_lives() -> None:
    """With global names the servers' namespace is another than the clients'."""
    fake = fake_mesh(primary_remote(discovery=Discovery.GLOBAL_NAMES))
    hold_pod(fake.kubes["west"], "httpbin-1", "bar", app="httpbin")
    hold_pod(fake.kubes["west"], "httpbin-2", "foo", app="httpbin")

    assert {"httpbin-1": "west"} == pods.homes(fake.mesh)


def test_a_client_is_a_ready_pod_of_its_app() -> None:
    """It is asked for by name, in the clients' namespace."""
    fake = fake_mesh(primary_remote(discovery=Discovery.GLOBAL_NAMES))
    hold_pod(fake.kubes["east"], "plain-1", "foo", app="plain")
    hold_pod(fake.kubes["east"], "sleep-1", "foo", app="sleep")

    assert "plain-1" == pods.client(fake.mesh, "east", "plain")
    assert "sleep-1" == pods.client(fake.mesh, "east")


def test_a_client_is_awaited() -> None:
    """While none is ready the look is repeated."""
    fake = fake_mesh(primary_remote())

    assert "east: a pod of sleep: none is ready" == first_look(
        lambda: pods.client(fake.mesh, "east")
    )


def test_a_client_that_never_comes_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """After its patience there is nobody to ask from: the question cannot be put."""
    monkeypatch.setattr(pods, "Patience", lambda _: 0)

    with pytest.raises(UnreachableError, match="east: no client to ask from: east: a pod of sleep"):
        pods.client(fake_mesh(primary_remote()).mesh, "east")


def test_a_stopped_run_seeks_no_client() -> None:
    """Giving up is not the same as finding nobody."""
    stopped = threading.Event()
    stopped.set()

    with cancellable(stopped), pytest.raises(CancelledError):
        pods.client(fake_mesh(primary_remote()).mesh, "east")
