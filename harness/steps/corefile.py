"""A change to the Corefile of a live CoreDNS: made, seen to be taken, and taken back if refused.

CoreDNS keeps serving its old file when it refuses a new one, and crashes on it at its next start:
a change counts only once CoreDNS itself has said what it made of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from harness.access import Kube
from harness.errors import NotYet, UsageError
from harness.patience import Patience, until
from harness.steps.workloads import await_deployment

TAKEN, REFUSED = "Reloading complete", "reload failed"
TAKE_SECONDS = 20.0
"""A quick reload looks every 1.5 to 2.5 seconds; the kubelet writes the file within one more."""


@dataclass(frozen=True, slots=True)
class CoreDns:
    """One CoreDNS Deployment: where it stands and which ConfigMap holds its Corefile."""

    name: str
    namespace: str
    config: str
    label: str


CLUSTER_DNS = CoreDns("coredns", "kube-system", "coredns", "k8s-app=kube-dns")
RESOLVER = CoreDns("istiocoredns", "istio-system", "istiocoredns", "app=istiocoredns")


def corefile_of(kube: Kube, dns: CoreDns) -> str:
    """Return the Corefile as the cluster holds it."""
    config = kube.get("ConfigMap", dns.config, dns.namespace)
    if config is None:
        raise NotYet(f"ConfigMap {dns.namespace}/{dns.config} is not there")
    return str(config["data"]["Corefile"])


def change_corefile(kube: Kube, dns: CoreDns, change: Callable[[str], str], *, where: str) -> bool:
    """Change the Corefile and return once every pod serves it; False if nothing was to change.

    Needs a Corefile with a quick reload. Raises UsageError when CoreDNS refuses the new file, in
    CoreDNS's own words; the old file is back then.
    """
    before = corefile_of(kube, dns)
    after = change(before)
    if after == before:
        return False
    refusal = _write(kube, dns, after, where)
    if refusal:
        _write(kube, dns, before, where)
        raise UsageError(
            f"{where}: {dns.name} refuses the Corefile, the old one is back: {refusal}"
        )
    return True


def restart_with(kube: Kube, dns: CoreDns, change: Callable[[str], str], *, where: str) -> None:
    """Change the Corefile and start new pods that read it: the way when no reload is quick."""
    before = corefile_of(kube, dns)
    after = change(before)
    if after == before:
        return
    _put(kube, dns, after)
    stamp = {"meshproof.dev/corefile": datetime.now(UTC).isoformat()}
    template = {"template": {"metadata": {"annotations": stamp}}}
    kube.patch("Deployment", dns.name, {"spec": template}, dns.namespace)
    await_deployment(kube, dns.name, dns.namespace, where=where, seconds=60)


def _write(kube: Kube, dns: CoreDns, text: str, where: str) -> str:
    """Put the file in place and return why CoreDNS refuses it, or nothing when it serves it."""
    said = {pod: _said(kube, dns, pod) for pod in _pods(kube, dns)}
    _put(kube, dns, text)

    def decided() -> str:
        # each pod decides for itself, and one that has read nothing has nothing to take back
        refusals = []
        stay = [pod for pod in _pods(kube, dns) if pod in said]
        if not stay:
            raise NotYet("no pod that was there before is there still")
        for pod in stay:
            news = _said(kube, dns, pod).removeprefix(said[pod])
            refusals += [line for line in news.splitlines() if REFUSED in line]
            if TAKEN not in news and REFUSED not in news:
                _nudge(kube, dns, pod)
                raise NotYet(f"{pod} has not read it yet")
        return refusals[0] if refusals else ""

    what = f"{where}: {dns.name} reads its new Corefile"
    return until(what, decided, Patience(TAKE_SECONDS, longest=0.5))


def _nudge(kube: Kube, dns: CoreDns, pod: str) -> None:
    """Have the kubelet write the pod's files now, by a change of the pod, not in its next minute.

    It may not have heard of the new ConfigMap yet and write the old one, so once is not enough.
    """
    stamp = {"meshproof.dev/corefile": datetime.now(UTC).isoformat()}
    kube.patch("Pod", pod, {"metadata": {"annotations": stamp}}, dns.namespace)


def _put(kube: Kube, dns: CoreDns, text: str) -> None:
    kube.patch("ConfigMap", dns.config, {"data": {"Corefile": text}}, dns.namespace)


def _pods(kube: Kube, dns: CoreDns) -> list[str]:
    pods = kube.list("Pod", dns.namespace, selector=dns.label)
    # those of an earlier rollout may be on their way out still
    return [pod["metadata"]["name"] for pod in pods if "deletionTimestamp" not in pod["metadata"]]


def _said(kube: Kube, dns: CoreDns, pod: str) -> str:
    return kube.logs(pod, dns.namespace, "coredns", tail=100_000)
