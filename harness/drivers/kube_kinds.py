"""How a kind's name leads to its API: `Pod`, `Deployment`, `Gateway.networking.istio.io/v1`."""

from harness.errors import UsageError

_apis = {
    "v1": "ConfigMap Endpoints Event LimitRange Namespace Node PersistentVolume "
    "PersistentVolumeClaim Pod ReplicationController ResourceQuota Secret Service ServiceAccount",
    "apps/v1": "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet",
    "batch/v1": "CronJob Job",
    "autoscaling/v2": "HorizontalPodAutoscaler",
    "policy/v1": "PodDisruptionBudget",
    "rbac.authorization.k8s.io/v1": "ClusterRole ClusterRoleBinding Role RoleBinding",
    "admissionregistration.k8s.io/v1": "MutatingWebhookConfiguration "
    "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration",
    "apiextensions.k8s.io/v1": "CustomResourceDefinition",
    "coordination.k8s.io/v1": "Lease",
    "discovery.k8s.io/v1": "EndpointSlice",
    "networking.k8s.io/v1": "IngressClass NetworkPolicy",
    "storage.k8s.io/v1": "StorageClass",
}
_api_of = {kind: api for api, kinds in _apis.items() for kind in kinds.split()}


def api_and_kind(name: str) -> tuple[str, str]:
    """Return the apiVersion and the kind that a name stands for.

    Raises UsageError for a short name that is not in the table.
    """
    kind, _, api = name.partition(".")
    if not api and kind not in _api_of:
        raise UsageError(f"{name}: not a kind known by its short name: write {name}.GROUP/VERSION")
    return api or _api_of[kind], kind


def argument(name: str) -> str:
    """Return the kind as kubectl takes it: `pod`, `gateway.v1.networking.istio.io`."""
    api, kind = api_and_kind(name)
    group, _, version = api.rpartition("/")
    return f"{kind.lower()}.{version}.{group}" if group else kind.lower()
