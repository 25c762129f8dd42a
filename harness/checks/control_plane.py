"""Claims about who serves whom, and with what."""

from collections.abc import Sequence

from harness.observation import (
    ControlPlane,
    InjectedPod,
    Observation,
    ProxyConfig,
    ProxyState,
    RemoteCluster,
)
from harness.topology import Topology
from harness.verdict import Verdict, failed, inconclusive, passed, unseen


def istiod_runs_only_in_primaries(
    topology: Topology, observations: Sequence[Observation]
) -> Verdict:
    """Every primary runs an istiod and no remote does."""
    if verdict := unseen(observations):
        return verdict
    seen = {each.cluster: each.istiods for each in observations if isinstance(each, ControlPlane)}
    expected = ", ".join(sorted(each.name for each in topology.primaries))
    got = ", ".join(sorted(name for name, istiods in seen.items() if istiods)) or "nowhere"
    if set(seen) != set(topology.names):
        return inconclusive(observations, "not every cluster was looked at")
    if got != expected:
        reason = "istiod runs in other clusters than the primaries"
        return failed(observations, reason, expected=expected, got=got)
    return passed(observations, f"istiod runs in {got}")


def every_proxy_is_served_by(
    topology: Topology,
    observations: Sequence[Observation],
    *,
    proxies: dict[str, str],
) -> Verdict:
    """Each of these proxies is served, in sync, by an istiod of its cluster's primary.

    `proxies` maps a proxy's name (pod.namespace) to its cluster; an istiod's observation is made
    through the primary it runs in, told by `istiod` being `primary/pod`.
    """
    if verdict := unseen(observations):
        return verdict
    states = [each for each in observations if isinstance(each, ProxyState)]
    if not proxies or not states:
        return inconclusive(observations, "there is no proxy to serve, or no istiod told of any")
    wrong: list[str] = []
    for proxy, cluster in sorted(proxies.items()):
        primary, told = topology[cluster].primary, [each for each in states if each.proxy == proxy]
        if not told:
            wrong.append(f"{proxy} ({cluster}) is served by nobody")
        for state in told:
            if state.cluster != cluster or state.istiod.split("/")[0] != primary:
                wrong.append(f"{proxy} is {state.cluster}'s, served by {state.istiod}")
            elif not state.synced:
                wrong.append(f"{proxy} is not in sync: {state.detail}")
    expected = f"{len(proxies)} proxies in sync with their primaries"
    if wrong:
        return failed(observations, wrong[0], expected=expected, got="; ".join(wrong))
    return passed(observations, expected)


def no_update_was_rejected(topology: Topology, observations: Sequence[Observation]) -> Verdict:
    """No Envoy rejected an update that it was sent."""
    del topology
    if verdict := unseen(observations):
        return verdict
    configs = [each for each in observations if isinstance(each, ProxyConfig)]
    bad = [each for each in configs if each.rejected_updates]
    if not configs:
        return inconclusive(observations, "no proxy was looked at")
    if bad:
        got = ", ".join(f"{each.proxy}: {each.rejected_updates}" for each in bad)
        return failed(observations, "updates were rejected", expected="none", got=got)
    return passed(observations, f"{len(configs)} proxies accepted every update")


def no_istio_extension_is_asked_of_upstream_envoy(
    topology: Topology, observations: Sequence[Observation]
) -> Verdict:
    """No proxy's configuration names an extension that only Istio's own Envoy has."""
    del topology
    if verdict := unseen(observations):
        return verdict
    configs = [each for each in observations if isinstance(each, ProxyConfig)]
    bad = [each for each in configs if each.istio_extensions]
    if not configs:
        return inconclusive(observations, "no proxy was looked at")
    if bad:
        got = ", ".join(f"{each.proxy}: {', '.join(each.istio_extensions)}" for each in bad)
        reason = "upstream Envoy cannot load what istiod asks for"
        return failed(observations, reason, expected="no istio.* extension", got=got)
    return passed(observations, f"{len(configs)} proxies use upstream extensions only")


def secrets_are_synced_exactly(topology: Topology, observations: Sequence[Observation]) -> Verdict:
    """Each primary watches exactly the clusters that the topology attaches to it, in sync."""
    if verdict := unseen(observations):
        return verdict
    rows = [each for each in observations if isinstance(each, RemoteCluster)]
    if not rows:
        return inconclusive(observations, "no istiod told whom it watches")
    for primary in topology.primaries:
        wanted = {each.name for each in topology.watched_by(primary.name)}
        # a list: two secrets for one cluster are two rows, and both must be synced
        seen = sorted(
            (row.cluster, row.status)
            for row in rows
            if row.primary == primary.name and row.cluster != primary.name
        )
        expected = f"{primary.name} watches {', '.join(sorted(wanted)) or 'nobody'}, synced"
        got = ", ".join(f"{name} {status}" for name, status in seen) or "nobody"
        if {name for name, _ in seen} != wanted:
            return failed(
                observations, "the wrong clusters are watched", expected=expected, got=got
            )
        if any(status != "synced" for _, status in seen):
            return failed(observations, "a cluster is not synced", expected=expected, got=got)
    return passed(observations, f"{len(rows)} rows, every watched cluster synced")


def remotes_lead_to_their_primary(
    topology: Topology, observations: Sequence[Observation], *, addresses: dict[str, str]
) -> Verdict:
    """A remote's Service istiod has its primary's gateway as its only endpoint.

    `addresses` maps a primary to its gateway's address.
    """
    if verdict := unseen(observations):
        return verdict
    planes = {each.cluster: each for each in observations if isinstance(each, ControlPlane)}
    if not topology.remotes or any(remote.name not in planes for remote in topology.remotes):
        return inconclusive(observations, "not every remote was looked at, or there is none")
    for remote in topology.remotes:
        got, wanted = planes[remote.name].endpoints, (addresses[remote.primary],)
        if got != wanted:
            return failed(
                observations,
                f"{remote.name} looks for its istiod elsewhere",
                expected=wanted[0],
                got=", ".join(got) or "nowhere",
            )
    return passed(observations, f"{len(topology.remotes)} remotes lead to their primary's gateway")


def pods_were_injected_by(
    topology: Topology, observations: Sequence[Observation], *, injectors: dict[str, str]
) -> Verdict:
    """Every pod has a sidecar that knows its cluster and network, made by the right injector.

    `injectors` maps a cluster to the path its webhook calls: of its primary's istiod.
    """
    if verdict := unseen(observations):
        return verdict
    pods = [each for each in observations if isinstance(each, InjectedPod)]
    planes = [each for each in observations if isinstance(each, ControlPlane)]
    for pod in pods:
        cluster = topology[pod.cluster]
        if "istio-proxy" not in pod.containers:
            reason = f"{pod.pod} has no sidecar"
            got = ", ".join(pod.containers)
            return failed(observations, reason, expected="istio-proxy", got=got)
        if (pod.cluster_id, pod.network) != (cluster.name, cluster.network):
            return failed(
                observations,
                f"{pod.pod} was injected for another cluster or network",
                expected=f"{cluster.name} on {cluster.network}",
                got=f"{pod.cluster_id} on {pod.network}",
            )
    for plane in planes:
        if plane.injector_service != injectors[plane.cluster]:
            return failed(
                observations,
                f"{plane.cluster}'s webhook calls another injector",
                expected=injectors[plane.cluster],
                got=plane.injector_service,
            )
    looked_at = ({each.cluster for each in pods}, {each.cluster for each in planes})
    if looked_at != (set(topology.names), set(topology.names)):
        return inconclusive(observations, "not every cluster was looked at")
    return passed(observations, f"{len(pods)} pods injected for their cluster")
