"""Says, before anything is built or started, all that this machine lacks, with the way out.

Judging is pure: facts about a host in, findings out; `host` looks, `install` changes.
"""

from collections.abc import Iterator

from harness.engine.choose import Choice
from harness.engine.embedded.limits import NEEDED, too_low
from harness.engine.finding import Finding, Mark
from harness.engine.host import FEATURES, Host
from harness.engine.install import packages_for
from harness.engine.stack.golang import OLDEST
from harness.settings import Versions

GIB = 2**30
DISK_TO_BUILD = 20 * GIB
"""Compiled packages, root file systems, images and their unpacked copy, measured by hand."""
DISK_TO_RUN = 4 * GIB
MEMORY_AT_LEAST, MEMORY_WANTED = 2 * GIB, 4 * GIB
"""Two idle clusters take 1.4 GiB."""
_cgroup1_ends = (1, 35)
"""The first Kubernetes whose kubelet refuses cgroup v1."""


def judge(host: Host, choice: Choice, *, versions: Versions, built: bool) -> tuple[Finding, ...]:
    """Return a finding for all that the choice needs of the host.

    `built` says that the tools and images which the choice takes are there already.
    """
    embedded, building = choice.engine == "embedded", not built
    findings: list[Finding] = []
    findings += _host(host, embedded=embedded, building=building)
    findings += _programs(host, embedded=embedded, building=building)
    if embedded:
        findings += _kernel(host)
    findings += _limits(host, embedded=embedded)
    findings += _docker(host, choice)
    findings += _versions(host, choice, versions)
    return tuple(findings)


def _finding(
    category: str, title: str, cause: str, hint: str, *, worst: Mark = Mark.BAD
) -> Finding:
    if not cause:
        return Finding(category, Mark.OK, title)
    return Finding(category, worst, title, cause, hint)


def _host(host: Host, *, embedded: bool, building: bool) -> Iterator[Finding]:
    name = "host"
    needs_root = " and ".join(
        what for what, so in (("start a daemon", embedded), ("build images", building)) if so
    )
    if needs_root:
        yield _finding(
            name,
            "runs as root",
            "" if host.root else f"another user cannot {needs_root}",
            "run it as root, or where Docker and the official images are to be had",
        )
    least = DISK_TO_BUILD if building else DISK_TO_RUN
    yield _finding(
        name,
        f"has {_gib(host.disk_free)} of disk for the cache",
        ""
        if host.disk_free >= least
        else f"{'a build' if building else 'a run'} takes {_gib(least)}",
        "make room, or set MESHPROOF_CACHE to a folder on a larger disk",
    )
    yield _finding(
        name,
        f"has {_gib(host.memory)} of memory available",
        ""
        if host.memory >= MEMORY_WANTED
        else f"two clusters with workloads want {_gib(MEMORY_WANTED)}",
        "end what else runs here",
        worst=Mark.BAD if host.memory < MEMORY_AT_LEAST else Mark.WARN,
    )


def _programs(host: Host, *, embedded: bool, building: bool) -> Iterator[Finding]:
    missing, packages = packages_for(host, embedded=embedded, building=building)
    if embedded or building:
        yield _finding(
            "programs",
            "the programs it starts are installed",
            f"missing: {', '.join(missing)}" if missing else "",
            f"apt-get install {' '.join(packages)}"
            if host.apt
            else f"install them; Debian has them in {', '.join(packages)}",
        )
    if building:
        have = host.versions.get("go", "")
        enough = _numbers(have) >= OLDEST if have else False
        wanted = ".".join(map(str, OLDEST))
        yield Finding(
            "programs",
            Mark.OK,
            f"go {have} compiles" if enough else f"go {wanted} will be taken from PyPI",
        )


def _kernel(host: Host) -> Iterator[Finding]:
    name = "kernel"
    if host.features is None:
        yield Finding(
            name,
            Mark.WARN,
            "the kernel's features were not tried",
            "that takes root and unshare",
            "run `meshproof doctor` as root",
        )
        return
    lacking = [words for feature, words in FEATURES.items() if feature not in host.features]
    yield _finding(
        name,
        "the kernel has what containers need",
        f"not there: {', '.join(lacking)}" if lacking else "",
        "load the modules (modprobe overlay bridge veth br_netfilter iptable_nat), or set "
        "MESHPROOF_CACHE to a folder on ext4 or xfs if it is the overlay",
    )


def _limits(host: Host, *, embedded: bool) -> Iterator[Finding]:
    low = too_low(host.inotify)
    seen = ", ".join(f"{name} is {value}" for name, value in low.items())
    if low and embedded and host.root:
        yield Finding("kernel", Mark.OK, f"inotify limits are raised while it runs ({seen})")
        return
    sets = " ".join(f"fs.inotify.{name}={NEEDED[name]}" for name in low)
    yield _finding(
        "kernel",
        "inotify limits allow several clusters",
        seen,
        f"sysctl -w {sets}",
        worst=Mark.WARN,
    )


def _docker(host: Host, choice: Choice) -> Iterator[Finding]:
    if choice.engine == "embedded":
        return
    yield _finding(
        "docker",
        "a Docker daemon answers",
        host.docker_problem,
        "start it, set DOCKER_HOST, or use --engine embedded as root",
    )


def _versions(host: Host, choice: Choice, versions: Versions) -> Iterator[Finding]:
    name = "versions"
    cgroup = host.cgroup if choice.engine == "embedded" else host.docker_cgroup
    refused = cgroup == 1 and _numbers(versions.kubernetes) >= _cgroup1_ends
    yield _finding(
        name,
        f"kubernetes {versions.kubernetes} runs on cgroup v{cgroup or '?'}",
        "since 1.35 its kubelet refuses cgroup v1" if refused else "",
        "boot with systemd.unified_cgroup_hierarchy=1, or take kubernetes 1.34",
    )
    for tool, tested in (
        ("kind", versions.kind),
        ("kubectl", versions.kubernetes),
        ("istioctl", versions.istio),
    ):
        if tool not in host.programs:
            continue
        have = host.versions.get(tool, "")
        if choice.images == "built":
            yield Finding(name, Mark.OK, f"{tool} {have} on PATH is not used: one is built")
            continue
        same = _numbers(have)[:2] == _numbers(tested)[:2]
        yield _finding(
            name,
            f"{tool} {have or '(no version)'} is on PATH",
            "" if same else f"meshproof is tested with {tested}",
            f"put {tool} {tested} first on PATH, or let meshproof build one",
            worst=Mark.WARN,
        )


def _numbers(version: str) -> tuple[int, ...]:
    words = version.split(".")[:3]
    digits = ("".join(letter for letter in word if letter.isdigit()) for word in words)
    return tuple(int(digit) for digit in digits if digit)


def _gib(size: int) -> str:
    return f"{size / GIB:.0f} GiB"
