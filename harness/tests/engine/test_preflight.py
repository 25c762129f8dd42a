from dataclasses import replace

import pytest

from harness.engine.choose import Choice
from harness.engine.finding import Finding, Mark, bad, lines
from harness.engine.host import FEATURES, FILES, PROGRAMS, Host
from harness.engine.install import packages_for
from harness.engine.preflight import GIB, judge
from harness.settings import Versions

EMBEDDED = Choice("embedded", "built", "", "")
DOCKER = Choice("docker", "upstream", "", "")
VERSIONS = Versions(kubernetes="1.34.4", kind="0.33.0", istio="1.31.1")
GOOD = Host(
    root=True,
    system="debian 12",
    apt=True,
    programs={name: f"/usr/bin/{name}" for name in (*PROGRAMS, *FILES)},
    disk_free=100 * GIB,
    memory=16 * GIB,
    cgroup=2,
    inotify={"max_user_instances": 8192, "max_user_watches": 1048576},
    features=frozenset(FEATURES),
    docker_problem="",
    docker_cgroup=2,
    versions={"kind": "0.33.0", "kubectl": "1.34.1", "istioctl": "1.31.1", "go": "1.26.8"},
)


def _judge(
    host: Host, choice: Choice = EMBEDDED, *, built: bool = False, versions: Versions = VERSIONS
) -> tuple[Finding, ...]:
    return judge(host, choice, versions=versions, built=built)


def _told(findings: tuple[Finding, ...], mark: Mark) -> list[str]:
    return [str(finding) for finding in findings if finding.mark is mark]


@pytest.mark.parametrize("choice", [EMBEDDED, DOCKER])
def test_a_host_that_has_everything_passes(choice: Choice) -> None:
    """Nothing is marked but as well."""
    assert {finding.mark for finding in _judge(GOOD, choice)} == {Mark.OK}


def test_everything_missing_is_named_at_once() -> None:
    """A bare host gets every problem in one go, each with its way out."""
    bare = replace(
        GOOD,
        root=False,
        programs={},
        disk_free=GIB,
        memory=GIB,
        cgroup=1,
        features=frozenset(FEATURES) - {"overlay", "veth"},
        versions={},
    )
    told = bad(_judge(bare, versions=Versions(kubernetes="1.35.0")))
    assert len(told) == 6
    for words in (
        "another user cannot start a daemon and build images",
        "a build takes 20 GiB",
        "two clusters with workloads want 4 GiB",
        "apt-get install docker.io containerd runc iproute2 iptables util-linux mmdebstrap",
        "not there: overlay on the cache's file system, pairs of virtual interfaces",
        "since 1.35 its kubelet refuses cgroup v1",
    ):
        assert any(words in line for line in told), words


def test_a_run_on_what_is_built_needs_less() -> None:
    """Neither the disk of a build nor its programs are asked for once it is done."""
    small = replace(
        GOOD,
        disk_free=5 * GIB,
        programs={name: path for name, path in GOOD.programs.items() if name != "mmdebstrap"},
    )
    assert bad(_judge(small, built=True)) == ()
    assert len(bad(_judge(small, built=False))) == 2


def test_docker_with_official_images_needs_neither_root_nor_kernel() -> None:
    """What only the embedded engine needs is not asked of a host whose Docker answers."""
    plain = replace(GOOD, root=False, features=None, programs={"docker": "/usr/bin/docker"})
    assert bad(_judge(plain, DOCKER, built=True)) == ()


def test_a_docker_that_was_asked_for_must_answer() -> None:
    """Its own words are the cause."""
    silent = replace(GOOD, docker_problem="no Docker daemon answers at /var/run/docker.sock")
    (line,) = bad(_judge(silent, DOCKER))
    assert line.startswith("a Docker daemon answers: no Docker daemon answers at")
    assert "--engine embedded" in line


def test_the_cgroups_that_count_are_those_of_the_engine() -> None:
    """A Docker elsewhere may be on another version than this host."""
    versions = Versions(kubernetes="1.35.1")
    there = replace(GOOD, cgroup=2, docker_cgroup=1)
    assert len(bad(_judge(there, DOCKER, versions=versions))) == 1
    assert bad(_judge(there, EMBEDDED, versions=versions)) == ()


def test_low_inotify_limits_are_raised_where_that_is_ours_to_do() -> None:
    """The embedded engine says that it raises them; with Docker they are a warning."""
    low = replace(GOOD, inotify={"max_user_instances": 128, "max_user_watches": 1048576})
    (raised,) = (each for each in _judge(low) if "inotify" in each.title)
    assert raised.mark is Mark.OK
    assert "max_user_instances is 128" in raised.title
    (warned,) = _told(_judge(low, DOCKER), Mark.WARN)
    assert "sysctl -w fs.inotify.max_user_instances=1024" in warned


def test_features_that_could_not_be_tried_are_a_warning() -> None:
    """Not having looked is neither good nor bad."""
    (warned,) = _told(_judge(replace(GOOD, features=None)), Mark.WARN)
    assert "were not tried" in warned


def test_a_tool_of_another_version_is_a_warning() -> None:
    """Only the release line counts, and only where tools of PATH are used at all."""
    other = replace(GOOD, versions={**GOOD.versions, "kubectl": "1.29.3", "istioctl": ""})
    warned = _told(_judge(other, DOCKER), Mark.WARN)
    assert [line.split()[0] for line in warned] == ["kubectl", "istioctl"]
    assert "tested with 1.34.4" in warned[0]
    assert _told(_judge(other), Mark.WARN) == []


@pytest.mark.parametrize(
    ("system", "client"),
    [("debian 12", "docker.io"), ("debian 13", "docker-cli"), ("ubuntu 24.04", "docker.io")],
)
def test_dockers_client_is_in_the_package_that_has_it(system: str, client: str) -> None:
    """From Debian 13 on it is apart from the daemon."""
    without = replace(
        GOOD,
        system=system,
        programs={name: path for name, path in GOOD.programs.items() if name != "docker"},
    )
    assert packages_for(without, embedded=True, building=False) == (("docker",), (client,))


def test_findings_read_as_a_checklist() -> None:
    """A header for each category, a mark for each finding, its cause and hint below, a result."""
    findings = (
        Finding("host", Mark.OK, "runs as root"),
        Finding("host", Mark.WARN, "has 3 GiB of memory available", "4 are wanted", "end some"),
        Finding("kernel", Mark.BAD, "has what containers need", "not there: overlay", "modprobe"),
    )
    text = "\n".join(lines(findings))
    assert text == (
        "host\n----\n√ runs as root\n‼ has 3 GiB of memory available\n    4 are wanted\n"
        "    hint: end some\n\nkernel\n------\n"
        "× has what containers need\n    not there: overlay\n    hint: modprobe\n\n"  # noqa: RUF001
        "Status check results are ×"  # noqa: RUF001
    )
    assert list(lines(findings[:2]))[-1] == "Status check results are √"
