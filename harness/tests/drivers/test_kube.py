from collections.abc import Iterator
import json
from pathlib import Path
import socket
import threading
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response
import yaml

from harness.drivers import kube as kube_module
from harness.drivers.kube import ApiKube
from harness.drivers.transcript import Transcript
from harness.errors import RefusedError, UnreachableError, UsageError

POD = {"name": "pods", "singularName": "pod", "namespaced": True, "kind": "Pod", "verbs": ["get"]}
SPACE = {
    "name": "namespaces",
    "singularName": "namespace",
    "namespaced": False,
    "kind": "Namespace",
    "verbs": ["get"],
}
GATEWAY = {
    "name": "gateways",
    "singularName": "gateway",
    "namespaced": True,
    "kind": "Gateway",
    "verbs": ["get"],
}


def _kubeconfig(folder: Path, server: str) -> Path:
    path = folder / "kubeconfig"
    path.write_text(
        yaml.safe_dump(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "current-context": "one",
                "clusters": [{"name": "one", "cluster": {"server": server}}],
                "users": [{"name": "one", "user": {"token": "s3cr3t"}}],
                "contexts": [{"name": "one", "context": {"cluster": "one", "user": "one"}}],
            }
        )
    )
    return path


def _groups(*groups: str) -> dict[str, Any]:
    listed = []
    for group in groups:
        version = {"groupVersion": f"{group}/v1", "version": "v1"}
        listed.append({"name": group, "versions": [version], "preferredVersion": version})
    return {"kind": "APIGroupList", "groups": listed}


def _resources(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "APIResourceList", "resources": list(resources)}


@pytest.fixture
def server(httpserver: HTTPServer) -> HTTPServer:
    """An API server with pods and namespaces: it knows how to be discovered, and no more."""
    httpserver.expect_request("/version").respond_with_json({"gitVersion": "v1.34.4"})
    httpserver.expect_request("/apis").respond_with_json(_groups())
    httpserver.expect_request("/api/v1").respond_with_json(_resources(POD, SPACE))
    return httpserver


@pytest.fixture
def kube(server: HTTPServer, tmp_path: Path) -> ApiKube:
    """The driver on that server."""
    kubeconfig = _kubeconfig(tmp_path, server.url_for("").rstrip("/"))
    folder = tmp_path / "cluster1"
    return ApiKube("cluster1", kubeconfig, folder=folder, transcript=Transcript(tmp_path))


def _status(code: int, message: str) -> Response:
    body = json.dumps({"kind": "Status", "status": "Failure", "message": message, "code": code})
    return Response(body, status=code, content_type="application/json")


def test_an_object_is_applied_by_the_server_with_our_name_and_by_force(
    server: HTTPServer, kube: ApiKube, tmp_path: Path
) -> None:
    """Apply is a server-side apply at the object's own namespace, and is written down."""
    seen: list[Request] = []

    def take(request: Request) -> Response:
        seen.append(request)
        return Response(request.get_data(), content_type="application/json")

    server.expect_request("/api/v1/namespaces/sample/pods/sleep").respond_with_handler(take)
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "sleep", "namespace": "sample"},
    }
    kube.apply(pod)
    assert seen[0].method == "PATCH"
    assert seen[0].content_type == "application/apply-patch+yaml"
    assert dict(seen[0].args) == {"fieldManager": "meshproof", "force": "true"}
    assert json.loads(seen[0].get_data()) == pod
    (file,) = (tmp_path / "applied").iterdir()
    assert yaml.safe_load(file.read_text()) == pod


def test_absent_objects_are_none_empty_or_deleted_already(
    server: HTTPServer, kube: ApiKube
) -> None:
    """Get gives None, list an empty list and delete no error where nothing is."""
    missing = "/api/v1/namespaces/sample/pods/sleep"
    server.expect_request(missing).respond_with_response(_status(404, "not found"))
    server.expect_request("/api/v1/namespaces/sample/pods").respond_with_json({"items": []})
    assert kube.get("Pod", "sleep", "sample") is None
    assert kube.list("Pod", "sample", selector="app=sleep") == []
    kube.delete("Pod", "sleep", "sample")


def test_listed_objects_say_what_they_are(server: HTTPServer, kube: ApiKube) -> None:
    """The items of a list carry the apiVersion and kind that the API leaves out of them."""
    server.expect_request("/api/v1/namespaces").respond_with_json(
        {"items": [{"metadata": {"name": "sample"}}]}
    )
    (found,) = kube.list("Namespace")
    assert (found["apiVersion"], found["kind"]) == ("v1", "Namespace")


def test_a_patch_merges(server: HTTPServer, kube: ApiKube) -> None:
    """Patch sends a merge patch with our name."""
    server.expect_request(
        "/api/v1/namespaces/sample",
        method="PATCH",
        headers={"Content-Type": "application/merge-patch+json"},
        json={"metadata": {"labels": {"a": None}}},
    ).respond_with_json({})
    kube.patch("Namespace", "sample", {"metadata": {"labels": {"a": None}}})
    server.check_assertions()


@pytest.mark.parametrize("code", [403, 409, 410, 422, 500])
def test_a_no_is_a_refusal_with_the_servers_words(
    server: HTTPServer, kube: ApiKube, code: int
) -> None:
    """An answer that says no raises RefusedError with its status and message."""
    server.expect_request("/api/v1/namespaces/sample").respond_with_response(
        _status(code, 'conflict with "istiod"')
    )
    with pytest.raises(RefusedError, match=r"cluster1: .*sample.*istiod") as caught:
        kube.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "sample"}})
    assert caught.value.status == code


@pytest.mark.parametrize("code", [401, 429, 503, 504])
def test_not_now_tells_nothing_about_what_was_asked(
    server: HTTPServer, kube: ApiKube, code: int
) -> None:
    """A server that starts or is too busy is unreachable: nothing is known."""
    server.expect_request("/api/v1/namespaces/sample").respond_with_response(_status(code, "busy"))
    with pytest.raises(UnreachableError, match="busy"):
        kube.get("Namespace", "sample")


def test_a_slow_server_is_unreachable(
    server: HTTPServer, kube: ApiKube, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every request has a time limit."""
    monkeypatch.setattr(kube_module, "REQUEST_SECONDS", 0.3)
    over = threading.Event()

    def dawdle(_request: Request) -> Response:
        over.wait(5)
        return Response("{}")

    server.expect_request("/api/v1/namespaces/sample").respond_with_handler(dawdle)
    with pytest.raises(UnreachableError, match="does not answer"):
        kube.get("Namespace", "sample")
    over.set()


@pytest.fixture
def cut_off() -> Iterator[str]:
    """A server that breaks every connection in the middle of its answer."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(4096)
                connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"gitVer')

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


def test_an_answer_that_was_cut_off_is_no_answer(cut_off: str, tmp_path: Path) -> None:
    """A connection lost in the middle raises UnreachableError."""
    kube = ApiKube("cluster1", _kubeconfig(tmp_path, cut_off), folder=tmp_path / "c")
    with pytest.raises(UnreachableError):
        kube.get("Namespace", "sample")


def test_nobody_there_is_unreachable(tmp_path: Path) -> None:
    """A port that nobody listens on raises UnreachableError, for exec too."""
    kube = ApiKube("cluster1", _kubeconfig(tmp_path, "http://127.0.0.1:1"), folder=tmp_path / "c")
    with pytest.raises(UnreachableError):
        kube.list("Pod")
    with pytest.raises(UnreachableError):
        kube.exec("sleep", "sample", "sleep", ["true"], timeout=1)


def test_a_kind_that_is_served_later_is_found_then(server: HTTPServer, kube: ApiKube) -> None:
    """A custom kind is refused with 404 until its definition is there, and found after that."""
    kind = "Gateway.networking.istio.io/v1"
    with pytest.raises(RefusedError, match="serves no Gateway") as caught:
        kube.get(kind, "g", "istio-system")
    assert caught.value.status == 404
    server.clear()
    server.expect_request("/version").respond_with_json({"gitVersion": "v1.34.4"})
    server.expect_request("/apis").respond_with_json(_groups("networking.istio.io"))
    server.expect_request("/apis/networking.istio.io/v1").respond_with_json(_resources(GATEWAY))
    server.expect_request(
        "/apis/networking.istio.io/v1/namespaces/istio-system/gateways/g"
    ).respond_with_json({"kind": "Gateway"})
    assert kube.get(kind, "g", "istio-system") == {"kind": "Gateway"}


def test_an_exec_that_is_not_let_through_is_a_refusal(server: HTTPServer, kube: ApiKube) -> None:
    """A handshake that the server answers with an error raises RefusedError with its words."""
    server.expect_request("/api/v1/namespaces/sample/pods/gone/exec").respond_with_response(
        _status(404, 'pods "gone" not found')
    )
    with pytest.raises(RefusedError, match='pods "gone" not found') as caught:
        kube.exec("gone", "sample", "sleep", ["true"], timeout=2)
    assert caught.value.status == 404


def test_a_log_is_text(server: HTTPServer, kube: ApiKube) -> None:
    """Logs gives the last lines as they are, JSON lines too."""
    server.expect_request(
        "/api/v1/namespaces/sample/pods/p/log",
        query_string={"container": "c", "tailLines": "5"},
    ).respond_with_data('{"a": 1}\nplain\n', content_type="text/plain")
    assert kube.logs("p", "sample", "c", tail=5) == '{"a": 1}\nplain\n'


def test_a_log_before_a_restart_is_asked_for_as_such(server: HTTPServer, kube: ApiKube) -> None:
    """It is that of the container that ran there before."""
    server.expect_request(
        "/api/v1/namespaces/sample/pods/p/log",
        query_string={"container": "c", "tailLines": "1000", "previous": "true"},
    ).respond_with_data("out of memory\n", content_type="text/plain")
    assert kube.logs("p", "sample", "c", previous=True) == "out of memory\n"


def test_kinds_are_listed_once_in_the_version_that_has_them(
    server: HTTPServer, kube: ApiKube
) -> None:
    """The preferred version where it serves the kind, another one else; no part of an object."""
    one, two = (
        {"groupVersion": f"metallb.io/{version}", "version": version}
        for version in ("v1beta1", "v1beta2")
    )
    group = {"name": "metallb.io", "versions": [two, one], "preferredVersion": two}
    peer, pool = (
        {"name": name.lower(), "kind": name, "namespaced": True, "verbs": ["list"]}
        for name in ("BGPPeer", "IPAddressPool")
    )
    server.clear()
    server.expect_request("/version").respond_with_json({"gitVersion": "v1.34.4"})
    server.expect_request("/apis").respond_with_json({"kind": "APIGroupList", "groups": [group]})
    server.expect_request("/api/v1").respond_with_json(_resources({**POD, "verbs": ["list"]}))
    part = peer | {"name": "bgppeer/status"}
    server.expect_request("/apis/metallb.io/v1beta2").respond_with_json(_resources(peer, part))
    server.expect_request("/apis/metallb.io/v1beta1").respond_with_json(_resources(peer, pool))

    assert kube.kinds() == (
        "Pod.v1",
        "BGPPeer.metallb.io/v1beta2",
        "IPAddressPool.metallb.io/v1beta1",
    )


def test_a_short_name_that_nobody_knows_is_a_mistake_of_the_caller(kube: ApiKube) -> None:
    """Kinds outside the table need their group and version."""
    with pytest.raises(UsageError, match="GROUP/VERSION"):
        kube.get("Gateway", "g")


def test_secrets_in_changes_are_not_written_down(
    server: HTTPServer, kube: ApiKube, tmp_path: Path
) -> None:
    """The transcript holds neither the credentials nor what is patched into a Secret."""
    secret = dict(POD, name="secrets", kind="Secret")
    server.clear()
    server.expect_request("/version").respond_with_json({})
    server.expect_request("/apis").respond_with_json(_groups())
    server.expect_request("/api/v1").respond_with_json(_resources(secret))
    server.expect_request("/api/v1/namespaces/x/secrets/a").respond_with_json({})
    kube.patch("Secret", "a", {"data": {"key": "aGlkZGVu"}}, "x")
    text = (tmp_path / "transcript.jsonl").read_text()
    assert "patch" in text
    assert "aGlkZGVu" not in text
    assert "s3cr3t" not in text
