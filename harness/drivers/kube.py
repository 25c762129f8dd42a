"""A cluster's API through the official client, objects as plain mappings.

Importing it costs the better part of a second, so only a provider does, and late.
"""

from collections.abc import Sequence
import json
from pathlib import Path
from threading import Lock
from typing import Any

from kubernetes.client import Configuration  # noqa: TID251  # this is its driver
from kubernetes.config import new_client_from_config_dict  # noqa: TID251
from kubernetes.dynamic import DynamicClient, Resource  # noqa: TID251
from kubernetes.dynamic.exceptions import NotFoundError, ResourceNotFoundError  # noqa: TID251
import yaml

from harness.access import Completed, Manifest
from harness.drivers.kube_answers import REQUEST_SECONDS, answered
from harness.drivers.kube_exec import Place, run_in_container
from harness.drivers.kube_kinds import api_and_kind, argument
from harness.drivers.transcript import Transcript
from harness.errors import RefusedError

OWNER = "meshproof"
"""The field manager of all that is applied."""


class _BoundedClient(DynamicClient):
    """A client whose every request, discovery included, has a time limit."""

    def request(self, method: str, path: str, body: Any = None, **params: Any) -> Any:
        params.setdefault("_request_timeout", REQUEST_SECONDS)
        return super().request(method, path, body=body, **params)


class ApiKube:
    """Kube of one cluster, by a context of a kubeconfig file; safe to use from several threads.

    `folder` takes the discovery cache and the credentials' files: it is the cluster's own, and
    goes with it.
    """

    def __init__(
        self,
        cluster: str,
        kubeconfig: Path,
        *,
        folder: Path,
        context: str | None = None,
        transcript: Transcript | None = None,
    ) -> None:
        self._cluster, self._kubeconfig, self._context = cluster, kubeconfig, context
        self._folder = folder
        self._transcript = transcript
        self._lock = Lock()
        self._found: dict[tuple[str, str], Resource] = {}
        self._connected: Any = None  # the library's dynamic client has no types

    def apply(self, *manifests: Manifest) -> None:
        """Server-side apply each object, in order, owning its fields by force."""
        for manifest in manifests:
            metadata = manifest["metadata"]
            name, namespace = metadata["name"], metadata.get("namespace")
            with answered(self._cluster, f"apply {manifest['kind']} {name}"):
                resource = self._resource(manifest["apiVersion"], manifest["kind"])
                self._client().server_side_apply(
                    resource,
                    body=dict(manifest),
                    namespace=namespace or ("default" if resource.namespaced else None),
                    field_manager=OWNER,
                    force_conflicts=True,
                    serialize=False,
                )
        if self._transcript is not None and manifests:
            self._transcript.applied(self._cluster, _title(manifests), manifests)

    def get(self, kind: str, name: str, namespace: str | None = None) -> dict[str, Any] | None:
        """Return one object, or None."""
        with answered(self._cluster, f"get {kind} {name}"):
            resource = self._resource(*api_and_kind(kind))
            try:
                answer = self._client().get(
                    resource, name=name, namespace=namespace, serialize=False
                )
            except NotFoundError:
                return None
            found: dict[str, Any] = json.loads(answer.data)
            return found

    def list(
        self, kind: str, namespace: str | None = None, *, selector: str = ""
    ) -> list[dict[str, Any]]:
        """Return the objects that match a label selector, each with its apiVersion and kind."""
        api, bare = api_and_kind(kind)
        with answered(self._cluster, f"list {kind}"):
            answer = self._client().get(
                self._resource(api, bare),
                namespace=namespace,
                label_selector=selector or None,
                serialize=False,
            )
            items: list[dict[str, Any]] = json.loads(answer.data)["items"]
        return [{"apiVersion": api, "kind": bare} | item for item in items]

    def kinds(self) -> tuple[str, ...]:
        """Return every kind that can be listed now, each in one version: the preferred, if it can.

        Some kinds are not in the version that their group prefers.
        """
        with answered(self._cluster, "discover its kinds"):
            groups = self._ask("/apis")["groups"]
            served = ["v1"]
            for group in groups:
                served.append(group["preferredVersion"]["groupVersion"])
                served += [each["groupVersion"] for each in group["versions"]]
            found: dict[tuple[str, str], str] = {}
            for api in dict.fromkeys(served):
                for each in self._ask(f"/api{'' if api == 'v1' else 's'}/{api}")["resources"]:
                    if "/" not in each["name"] and "list" in each["verbs"]:
                        kind = each["kind"]
                        found.setdefault((kind, api.rpartition("/")[0]), f"{kind}.{api}")
            return tuple(found.values())

    def _ask(self, path: str) -> Any:
        answer = self._client().request(
            "get", path, header_params={"Accept": "application/json"}, serialize=False
        )
        return json.loads(answer.data)

    def patch(self, kind: str, name: str, patch: Manifest, namespace: str | None = None) -> None:
        """Merge-patch one object."""
        with answered(self._cluster, f"patch {kind} {name}"):
            self._client().patch(
                self._resource(*api_and_kind(kind)),
                body=dict(patch),
                name=name,
                namespace=namespace,
                content_type="application/merge-patch+json",
                field_manager=OWNER,
                serialize=False,
            )
        written = "(withheld)" if kind == "Secret" else json.dumps(patch)
        self._did("patch", kind, name, namespace, "--type=merge", f"--patch={written}")

    def delete(self, kind: str, name: str, namespace: str | None = None) -> None:
        """Delete one object; one that is not there is no error."""
        with answered(self._cluster, f"delete {kind} {name}"):
            resource = self._resource(*api_and_kind(kind))
            try:
                self._client().delete(resource, name=name, namespace=namespace, serialize=False)
            except NotFoundError:
                return
        self._did("delete", kind, name, namespace, "--wait=false")

    def exec(
        self, pod: str, namespace: str, container: str, argv: Sequence[str], *, timeout: float
    ) -> Completed:
        """Run argv in a container; its exit code is returned, never raised."""
        with answered(self._cluster, f"reach {pod}"):
            configuration: Configuration = self._client().configuration
        place = Place(pod, namespace, container)
        done = run_in_container(configuration, self._cluster, place, argv, timeout)
        if self._transcript is not None:
            where = [f"--namespace={namespace}", pod, f"--container={container}", "--"]
            self._transcript.did(self._cluster, ["kubectl", "exec", *where, *argv], kind="exec")
        return done

    def logs(
        self, pod: str, namespace: str, container: str, *, tail: int = 1000, previous: bool = False
    ) -> str:
        """Return the last lines of a container's log, or of the one's that ran there before it."""
        query = [("container", container), ("tailLines", tail)]
        query += [("previous", "true")] if previous else []
        with answered(self._cluster, f"read the log of {namespace}/{pod}/{container}"):
            answer = self._client().request(
                "get",
                f"/api/v1/namespaces/{namespace}/pods/{pod}/log",
                query_params=query,
                header_params={"Accept": "*/*"},
                serialize=False,
            )
            return str(answer.data.decode(errors="replace"))

    def _client(self) -> Any:
        with self._lock:
            if self._connected is None:
                self._connected = self._connect()
            return self._connected

    def _connect(self) -> Any:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        configuration = Configuration()
        configuration.retries = False  # who waits, and how long, is decided by `patience`
        client = new_client_from_config_dict(  # type: ignore[no-untyped-call]
            yaml.safe_load(self._kubeconfig.read_text()),
            context=self._context,
            persist_config=False,
            temp_file_path=str(self._folder),
            client_configuration=configuration,
        )
        cache = str(self._folder / "discovery.json")
        return _BoundedClient(client, cache_file=cache)  # type: ignore[no-untyped-call]

    def _resource(self, api: str, kind: str) -> Resource:
        client = self._client()
        with self._lock:
            if (api, kind) not in self._found:
                group, _, version = api.rpartition("/")
                where = {"prefix": "apis", "group": group} if group else {"prefix": "api"}
                try:
                    found = client.resources.get(**where, api_version=version, kind=kind)
                except ResourceNotFoundError as problem:
                    raise RefusedError(
                        f"{self._cluster}: it serves no {kind} of {api}: apply its "
                        "CustomResourceDefinition first, and wait until it is established",
                        status=404,
                    ) from problem
                self._found[api, kind] = found
            return self._found[api, kind]

    def _did(self, verb: str, kind: str, name: str, namespace: str | None, *more: str) -> None:
        if self._transcript is not None:
            place = [f"--namespace={namespace}"] if namespace else []
            argv = ["kubectl", verb, argument(kind), name, *place, *more]
            self._transcript.did(self._cluster, argv)


def _title(manifests: Sequence[Manifest]) -> str:
    first = f"{manifests[0]['kind']}-{manifests[0]['metadata']['name']}"
    return f"{first}-and-{len(manifests) - 1}-more" if len(manifests) > 1 else first
