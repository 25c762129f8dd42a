"""Each kind of observation in one line of words, for people who judge the evidence themselves."""

from collections.abc import Iterable
from typing import assert_never

from harness.observation import (
    ControlPlane,
    DnsReply,
    Endpoint,
    HttpReply,
    InjectedPod,
    Inventory,
    NodeFact,
    Observation,
    ProxyConfig,
    ProxyState,
    RemoteCluster,
    Unseen,
)


def sights(counted: Iterable[tuple[Observation, int]]) -> list[str]:
    """Return a line for each question, with its answers and how often each came."""
    lines: dict[str, list[str]] = {}
    for seen, times in counted:
        question, _, answer = sight(seen).partition(": ")
        lines.setdefault(question, []).append(f"{answer} x{times}" if times > 1 else answer)
    return [f"{question}: {'; '.join(answers)}" for question, answers in lines.items()]


def sight(seen: Observation) -> str:  # noqa: C901, PLR0911  # one line for each kind there is
    """Return who was asked what, and what came back."""
    match seen:
        case HttpReply():
            who = f"{seen.cluster} {seen.pod}".strip()
            ends = f"{seen.client_identity} → {seen.server_identity}".strip(" →")
            said = f"{seen.status or 'no response'} {who or seen.error}".strip()
            exit_code = f"(curl exit {seen.curl_exit})" if seen.curl_exit else ""
            return _joined(f"{seen.source}/{seen.client} → {seen.url}: {said}", exit_code, ends)
        case DnsReply():
            ttl = "" if seen.ttl is None else f"ttl {seen.ttl}"
            answers = ", ".join(seen.answers)
            server = f"by {seen.server}" if seen.server else ""
            asked = f"{seen.source}: {seen.name} {seen.rdtype} over {seen.transport}:"
            return _joined(asked, seen.rcode, answers, ttl, server)
        case ProxyState():
            state = "in sync" if seen.synced else "not in sync"
            served = f"{seen.cluster}: {seen.proxy} served by {seen.istiod or 'nobody'},"
            return _joined(served, state, seen.detail)
        case ProxyConfig():
            names = ", ".join(seen.istio_extensions)
            extensions = f"extensions of Istio: {names}" if names else ""
            version = f"Envoy {seen.version}" if seen.version else ""
            rejected = f"{seen.cluster}: {seen.proxy} rejected {seen.rejected_updates} updates"
            return _joined(rejected, extensions, version)
        case Endpoint():
            health = "healthy" if seen.healthy else "unhealthy"
            return f"{seen.source}: {seen.host} at {seen.address}:{seen.port}, {health}"
        case RemoteCluster():
            secret = f"({seen.secret})" if seen.secret else ""
            return _joined(f"{seen.primary} watches {seen.cluster}: {seen.status}", secret)
        case ControlPlane():
            istiods = ", ".join(seen.istiods) or "no istiod"
            injector = f"injector {seen.injector_service}" if seen.injector_service else ""
            ends = f"endpoints {', '.join(seen.endpoints)}" if seen.endpoints else ""
            root = f"root {seen.root[:16]}…" if seen.root else ""
            return _joined(f"{seen.cluster}: {istiods};", injector, ends, root, seen.annotation)
        case InjectedPod():
            about = (seen.cluster_id, seen.network, seen.discovery_address)
            containers = ", ".join(seen.containers)
            return _joined(f"{seen.cluster}: {seen.pod} with {containers};", *about)
        case Inventory():
            return f"{seen.cluster} {seen.moment}: {len(seen.objects)} objects"
        case NodeFact():
            holds = "yes" if seen.holds else "no"
            return _joined(f"node of {seen.cluster}: {seen.question}: {holds}", seen.seen)
        case Unseen():
            return f"could not look from {seen.source or '?'}: {seen.question}: {seen.reason}"
    assert_never(seen)


def _joined(*words: str) -> str:
    return " ".join(word for word in words if word).rstrip(";,")
