from typing import Any

from harness.dump import tables


def thing(name: str, **content: Any) -> dict[str, Any]:
    """Return an object in namespace sample."""
    metadata = {"name": name, "namespace": "sample", **content.pop("metadata", {})}
    return {"kind": "Thing", "metadata": metadata, **content}


def rows(text: str) -> list[list[str]]:
    """Return a list's cells."""
    return [line.split("  ") and line.split() for line in text.splitlines()]


def test_columns_stand_below_their_names() -> None:
    """Every column is as wide as its widest cell; rows may lack some of them."""
    said = tables.table([{"name": "a", "n": 1}, {"name": "longer", "why": "it is"}])

    assert "name    n  why\na       1  -\nlonger  -  it is\n" == said


def test_nothing_is_said_to_be_nothing() -> None:
    """An empty file would look like a piece that is missing."""
    assert "none\n" == tables.table([]) == tables.listed("Pod", [])


def test_a_pod_tells_why_it_is_not_ready() -> None:
    """What each container waits for, sidecars counted and other init containers not."""
    said = tables.listed(
        "Pod",
        [
            thing(
                "httpbin",
                metadata={"deletionTimestamp": "now"},
                spec={
                    "nodeName": "n",
                    "initContainers": [{"name": "init"}, {"name": "p", "restartPolicy": "Always"}],
                },
                status={
                    "phase": "Running",
                    "podIP": "10.0.0.1",
                    "initContainerStatuses": [
                        {"name": "init", "state": {"terminated": {"reason": "Completed"}}},
                        {"name": "p", "ready": True, "restartCount": 2, "state": {"running": {}}},
                    ],
                    "containerStatuses": [
                        {"name": "c", "state": {"waiting": {"reason": "CrashLoopBackOff"}}},
                    ],
                },
            )
        ],
    )

    head, row = said.splitlines()
    assert "1/2" in row.split()
    assert "being deleted, c: CrashLoopBackOff" == row[head.index("WHY") :]
    assert "2" == row[head.index("RESTARTS") :].split()[0]


def test_a_workload_tells_how_many_of_its_pods_are_ready_and_why_not() -> None:
    """Also one that nobody wants any pod of: 0/0 is what a maintainer looks for."""
    template = {"template": {"spec": {"containers": [{"image": "a:1"}]}}}
    bad = {"type": "ReplicaFailure", "status": "True", "message": "failed calling webhook"}
    good = {"type": "Available", "status": "True"}
    worse = {"type": "Available", "status": "False", "reason": "NoPods"}
    said = tables.listed(
        "Deployment",
        [
            thing("none", spec={"replicas": 0, **template}, status={"conditions": [good]}),
            thing("lost", spec={"replicas": 2, **template}, status={"conditions": [bad, worse]}),
        ],
    )

    none, lost = said.splitlines()[1:]
    assert ["sample", "none", "Thing", "0/0", "a:1", "-"] == none.split()
    assert "0/2" in lost
    assert lost.endswith("ReplicaFailure True: failed calling webhook; Available False: NoPods")


def test_a_service_without_its_address_is_pending() -> None:
    """As kubectl says it."""
    spec = {"type": "LoadBalancer", "clusterIP": "10.0.0.1", "ports": [{"port": 80}]}
    given = {"loadBalancer": {"ingress": [{"ip": "1.2.3.4"}, {"hostname": "lb"}]}}
    objects = [thing("a", spec=spec), thing("b", spec=spec, status=given)]

    waits, has = tables.listed("Service", objects).splitlines()[1:]

    assert "<pending>" in waits
    assert "1.2.3.4,lb" in has


def test_endpoints_that_are_not_ready_say_so() -> None:
    """A slice without any says none."""
    ends = [
        {"addresses": ["10.0.0.1"]},
        {"addresses": ["10.0.0.2"], "conditions": {"ready": False}},
    ]
    labels = {"labels": {"kubernetes.io/service-name": "httpbin"}}
    objects = [thing("a", metadata=labels, endpoints=ends), thing("b", endpoints=None)]

    some, none = tables.listed("EndpointSlice", objects).splitlines()[1:]

    assert "10.0.0.1,10.0.0.2 (not ready)" in some
    assert ["sample", "b", "-", "none", "-"] == none.split()


def test_nodes_and_namespaces_are_listed_by_what_matters() -> None:
    """A node's true conditions, a namespace's labels and what Istio reads of its annotations."""
    status = {"conditions": [{"type": "Ready", "status": "False"}]}
    metadata = {
        "labels": {"topology.istio.io/network": "n1"},
        "annotations": {"topology.istio.io/controlPlaneClusters": "c1", "other": "x"},
    }

    assert "NotReady" in tables.listed("Node", [thing("n", status=status)])
    said = tables.listed("Namespace", [thing("istio-system", metadata=metadata)])
    assert said.splitlines()[1].split()[2:] == [
        "topology.istio.io/network=n1",
        "topology.istio.io/controlPlaneClusters=c1",
    ]


def test_another_kind_is_listed_by_name() -> None:
    """Its YAML has the rest."""
    assert [["NAMESPACE", "NAME"], ["sample", "x"]] == rows(tables.listed("Other", [thing("x")]))


def test_events_end_with_the_latest() -> None:
    """Whichever of its times an event has; its message is on one line."""
    about = {"kind": "Pod", "name": "httpbin"}
    objects = [
        thing("b", involvedObject=about, eventTime="2026-11-21T06:02:00Z", message="two\nlines"),
        thing("a", involvedObject=about, lastTimestamp="2026-11-21T06:01:00Z", count=3),
        thing("c", involvedObject={}, metadata={"creationTimestamp": "2026-11-21T06:03:00Z"}),
    ]

    said = tables.events(objects).splitlines()[1:]

    assert ["06:01", "06:02", "06:03"] == [line[11:16] for line in said]
    assert "Pod/httpbin" in said[0]
    assert said[1].endswith("two lines")


def test_a_secret_is_listed_without_its_values() -> None:
    """Its name, its type, its keys, its labels."""
    said = tables.secrets(
        [
            thing("x", type="Opaque", data={"word": "dmFsdWU="}, stringData={"word": "value"}),
            thing("empty"),
        ]
    )

    assert ["sample", "x", "Opaque", "word", "-", "-"] == said.splitlines()[1].split()
    assert "value" not in said
    assert "dmFsdWU=" not in said
