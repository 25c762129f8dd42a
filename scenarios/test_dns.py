"""What DNS says of `.global` names and of all others, where a stub or Istio's proxy answers."""

from collections.abc import Callable, Sequence
from functools import partial

import pytest

from fixtures.judge import Judge
from fixtures.topology import needs
from harness.checks.names import (
    answered_with_exactly,
    known_without_data,
    remembered_at_most,
    unknown,
)
from harness.corefile import add_stub, remove_stub
from harness.errors import UsageError
from harness.global_dns import allocate
from harness.mesh import Mesh
from harness.observation import Observation
from harness.probes import dns
from harness.probes.dns import Question
from harness.steps.corefile import CLUSTER_DNS, change_corefile, corefile_of
from harness.steps.dns_stub import ZONE, resolver_address
from harness.steps.global_names import global_name
from harness.topology import Resolver, Topology

PROMPT = 8.0
"""Seconds within which a change must be seen."""
STUB_CACHE = 30
"""Seconds for which the stub remembers at most."""

Restub = Callable[[Callable[[str], str]], None]


def a_stub(topology: Topology) -> bool:
    """A DNS stub for .global."""
    return topology.resolver is Resolver.STUB


def a_resolver(topology: Topology) -> bool:
    """A resolver of .global."""
    return topology.resolver is not Resolver.NONE


@needs(a_resolver)
def test_a_global_name_has_exactly_the_address_of_its_service_entry(
    mesh: Mesh, cluster: str, judge: Judge
) -> None:
    """Over UDP and TCP, fully qualified and by the search path of a pod."""
    name = global_name(mesh.topology)
    questions = [
        Question(f"{name}."),
        Question(f"{name}.", transport="tcp"),
        Question(name, search=True),
    ]

    judge(
        partial(answered_with_exactly, addresses=[str(allocate([name])[name])]),
        asked(mesh, cluster, questions),
    )


@needs(a_resolver)
def test_a_global_name_has_no_ipv6_address_and_does_not_vanish_for_it(
    mesh: Mesh, cluster: str, judge: Judge
) -> None:
    """AAAA is answered with no data: NXDOMAIN would make some clients give up on the name."""
    question = Question(f"{global_name(mesh.topology)}.", "AAAA")

    judge(known_without_data, asked(mesh, cluster, [question]))


@needs(a_stub)
def test_an_unknown_global_name_does_not_exist(mesh: Mesh, cluster: str, judge: Judge) -> None:
    """Names that no ServiceEntry holds, near ones too, are NXDOMAIN."""
    unheard = ["nobody.nowhere.global.", "httpbin.global.", "bar.global.", "x.httpbin.bar.global."]

    judge(unknown, asked(mesh, cluster, [Question(name) for name in unheard]))


@needs(a_stub)
def test_a_global_answer_is_not_remembered_for_long(mesh: Mesh, cluster: str, judge: Judge) -> None:
    """The TTL lets a change be seen soon."""
    look = asked(mesh, cluster, [Question(f"{global_name(mesh.topology)}.")])

    judge(partial(remembered_at_most, seconds=STUB_CACHE), look)


@needs(a_resolver)
def test_names_of_the_cluster_are_answered_as_before(
    mesh: Mesh, cluster: str, judge: Judge
) -> None:
    """The stub changes nothing for Services, forwards and backwards."""
    service = mesh.kube(cluster).get("Service", "kubernetes", "default") or {}
    address = service["spec"]["clusterIP"]
    name = "kubernetes.default.svc.cluster.local."

    judge(
        partial(answered_with_exactly, addresses=[address]),
        asked(mesh, cluster, [Question(name), Question("kubernetes.default", search=True)]),
    )
    judge(
        partial(answered_with_exactly, addresses=[name]),
        asked(mesh, cluster, [Question(address, "PTR")]),
    )


@needs(a_stub)
def test_a_second_service_appears_and_goes_with_its_entry(
    mesh: Mesh, cluster: str, another: tuple[str, str, Callable[[bool], None]], judge: Judge
) -> None:
    """A name is answered within 8 s of its ServiceEntry, and unknown within 8 s of its end."""
    name, address, declare = another
    look = asked(mesh, cluster, [Question(f"{name}.")])
    judge(unknown, look)

    declare(True)
    judge(partial(answered_with_exactly, addresses=[address]), look, patience=PROMPT)

    declare(False)
    judge(unknown, look, patience=PROMPT)


@needs(a_stub)
def test_without_the_stub_no_global_name_exists(
    mesh: Mesh, cluster: str, restub: Restub, judge: Judge
) -> None:
    """Taking the stub away makes the names unknown within 8 s, putting it back brings them back."""
    name = global_name(mesh.topology)
    look = asked(mesh, cluster, [Question(f"{name}.")])
    answered = partial(answered_with_exactly, addresses=[str(allocate([name])[name])])
    judge(answered, look)

    restub(lambda text: remove_stub(text, ZONE))
    judge(unknown, look, patience=PROMPT)

    restub(lambda text: add_stub(text, ZONE, resolver_address(mesh, cluster)))
    judge(answered, look, patience=PROMPT)


@needs(a_stub)
def test_the_stub_is_added_once_and_goes_without_a_trace(
    mesh: Mesh, cluster: str, restub: Restub
) -> None:
    """Adding it again changes nothing, and taking it away leaves every other byte."""
    kube = mesh.kube(cluster)
    stubbed, forward = corefile_of(kube, CLUSTER_DNS), resolver_address(mesh, cluster)

    again = change_corefile(
        kube, CLUSTER_DNS, lambda text: add_stub(text, ZONE, forward), where=cluster
    )
    assert again is False

    restub(lambda text: remove_stub(text, ZONE))
    bare = corefile_of(kube, CLUSTER_DNS)
    assert ZONE not in bare

    restub(lambda text: add_stub(text, ZONE, forward))
    assert corefile_of(kube, CLUSTER_DNS) == stubbed
    assert remove_stub(stubbed, ZONE) == bare


@needs(a_stub)
def test_the_documents_own_corefile_is_refused_and_the_old_one_stays(
    mesh: Mesh, cluster: str, judge: Judge
) -> None:
    """`upstream`, as document 004 has it, is noticed at once, said, and taken back."""
    kube = mesh.kube(cluster)
    before = corefile_of(kube, CLUSTER_DNS)

    with pytest.raises(UsageError, match="upstream"):
        change_corefile(
            kube,
            CLUSTER_DNS,
            lambda text: text.replace("pods insecure", "pods insecure\n       upstream"),
            where=cluster,
        )

    assert corefile_of(kube, CLUSTER_DNS) == before
    name = global_name(mesh.topology)
    judge(
        partial(answered_with_exactly, addresses=[str(allocate([name])[name])]),
        asked(mesh, cluster, [Question(f"{name}.")]),
    )


def asked(
    mesh: Mesh, cluster: str, questions: Sequence[Question]
) -> Callable[[], Sequence[Observation]]:
    """Return a look at DNS as the topology's applications see it."""
    client = "sleep" if mesh.topology.resolver is Resolver.PROXY else "plain"
    return partial(dns.ask, mesh, cluster, questions, client=client)
