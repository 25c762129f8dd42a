"""Which columns a list of objects has, kind by kind. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

Object = Mapping[str, Any]
Row = dict[str, str]


def pairs(values: Mapping[str, str]) -> str:
    """Return labels and their like as `key=value,...`."""
    return ",".join(f"{key}={value}" for key, value in sorted(values.items())) or "-"


def _pod(pod: Object) -> Row:
    status = pod.get("status", {})
    states = [*status.get("containerStatuses", ())]
    states += [
        each
        for each, spec in zip(
            status.get("initContainerStatuses", ()),
            pod.get("spec", {}).get("initContainers", ()),
            strict=False,
        )
        if spec.get("restartPolicy") == "Always"  # a sidecar
    ]
    waits = [
        f"{each['name']}: {why.get('reason', '')}"
        for each in [*status.get("initContainerStatuses", ()), *states]
        for state in ("waiting", "terminated")
        if (why := each.get("state", {}).get(state)) and why.get("reason") != "Completed"
    ]
    leaving = ["being deleted"] if "deletionTimestamp" in pod["metadata"] else []
    return {
        "READY": f"{sum(bool(each.get('ready')) for each in states)}/{len(states)}",
        "STATUS": status.get("reason") or status.get("phase", ""),
        "RESTARTS": str(sum(each.get("restartCount", 0) for each in states)),
        "IP": status.get("podIP", "-"),
        "NODE": pod.get("spec", {}).get("nodeName", "-"),
        "STARTED": status.get("startTime", "-"),
        "WHY": ", ".join(dict.fromkeys([*leaving, *waits])) or "-",
    }


def _workload(each: Object) -> Row:
    status, spec = each.get("status", {}), each.get("spec", {})
    wanted = spec.get("replicas", status.get("desiredNumberScheduled", 0))
    ready = status.get("readyReplicas", status.get("numberReady", 0))
    images = [one.get("image", "") for one in spec["template"]["spec"]["containers"]]
    told = [
        f"{one['type']} {one['status']}: {one.get('message') or one.get('reason', '')}"
        for one in status.get("conditions", ())
        if (one["type"] == "ReplicaFailure") == (one["status"] == "True")
    ]
    return {
        "KIND": each["kind"],
        "READY": f"{ready}/{wanted}",
        "IMAGES": ",".join(images),
        "WHY": "; ".join(told) or "-",
    }


def _service(each: Object) -> Row:
    spec = each.get("spec", {})
    given = each.get("status", {}).get("loadBalancer", {}).get("ingress", ())
    outside = [one.get("ip") or one.get("hostname", "") for one in given]
    pending = "<pending>" if spec.get("type") == "LoadBalancer" else "-"
    return {
        "TYPE": spec.get("type", ""),
        "CLUSTER-IP": spec.get("clusterIP", "-"),
        "EXTERNAL": ",".join(outside) or spec.get("externalName") or pending,
        "PORTS": ",".join(f"{one['port']}/{one.get('name', '')}" for one in spec.get("ports", ())),
        "SELECTOR": pairs(spec.get("selector") or {}),
    }


def _slice(each: Object) -> Row:
    found = [
        "/".join(one["addresses"])
        + ("" if one.get("conditions", {}).get("ready", True) else " (not ready)")
        for one in each.get("endpoints") or ()
    ]
    labels = each["metadata"].get("labels", {})
    return {
        "SERVICE": labels.get("kubernetes.io/service-name", "-"),
        "ENDPOINTS": ",".join(found) or "none",
        "PORTS": ",".join(str(one.get("port", "")) for one in each.get("ports") or ()) or "-",
    }


def _node(each: Object) -> Row:
    status = each.get("status", {})
    state = [one["type"] for one in status.get("conditions", ()) if one["status"] == "True"]
    inside = [one["address"] for one in status.get("addresses", ()) if one["type"] == "InternalIP"]
    return {
        "CONDITIONS": ",".join(state) or "NotReady",
        "ADDRESS": ",".join(inside) or "-",
        "PODS": each.get("spec", {}).get("podCIDR", "-"),
        "VERSION": status.get("nodeInfo", {}).get("kubeletVersion", ""),
        "TAINTS": ",".join(one["key"] for one in each.get("spec", {}).get("taints", ())) or "-",
    }


def _namespace(each: Object) -> Row:
    metadata = each["metadata"]
    told = {key: value for key, value in metadata.get("annotations", {}).items() if "istio" in key}
    return {"LABELS": pairs(metadata.get("labels", {})), "ISTIO": pairs(told)}


COLUMNS: dict[str, Callable[[Object], Row]] = {
    "Pod": _pod,
    "Deployment": _workload,
    "DaemonSet": _workload,
    "Service": _service,
    "EndpointSlice": _slice,
    "Node": _node,
    "Namespace": _namespace,
}
"""What makes a row of an object, by its kind; other kinds have their names only."""
