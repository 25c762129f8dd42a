"""Host: what this machine is and has, looked at once; judged elsewhere (preflight).

Looking changes nothing: what must be tried is tried in namespaces that end with the trial.
"""

from collections.abc import Mapping
from dataclasses import dataclass
import json
import os
from pathlib import Path
import re
import shutil

import psutil

from harness.access import Completed, Shell
from harness.engine.choose import docker_problem
from harness.engine.embedded.daemon import SBIN
from harness.engine.embedded.limits import read_limits
from harness.engine.embedded.remains import CGROUPS
from harness.errors import CommandError, HostError

PROGRAMS = (
    *("docker", "dockerd", "containerd", "runc", "ip", "iptables"),
    *("nsenter", "unshare", "mount", "mmdebstrap", "go", "kind", "kubectl", "istioctl"),
)
FILES = {
    "debian-archive-keyring": Path("/usr/share/keyrings/debian-archive-keyring.gpg"),
    "ca-certificates": Path("/etc/ssl/certs/ca-certificates.crt"),
}
FEATURES = {
    "namespaces": "namespaces of mounts, processes and networks",
    "tmpfs": "file systems in memory",
    "overlay": "overlay on the cache's file system",
    "bridge": "network bridges",
    "veth": "pairs of virtual interfaces",
    "nat": "netfilter's address translation",
    "matches": "netfilter's comment, statistic and conntrack matches",
    "br_netfilter": "netfilter on bridges",
}
"""What an engine needs of the kernel, and clusters on it, in words."""

_trial = """
cd "$1"; PATH=$PATH:/usr/sbin:/sbin
try() { name=$1; shift; "$@" >/dev/null 2>&1 && echo "$name"; }
echo namespaces
try tmpfs mount -t tmpfs meshproof "$1/merged"
umount "$1/merged" 2>/dev/null
try overlay mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work meshproof merged
try bridge ip link add mp0 type bridge
try veth ip link add mp1 type veth peer name mp2
try nat iptables -t nat -A POSTROUTING -j MASQUERADE
try matches sh -c 'iptables -t nat -A OUTPUT -m comment --comment x -m statistic --mode random \
  --probability 0.5 -j RETURN && iptables -A FORWARD -m conntrack --ctstate INVALID -j DROP'
try br_netfilter test -e /proc/sys/net/bridge/bridge-nf-call-iptables
true
"""
_version_of: Mapping[str, tuple[str, ...]] = {
    "kind": ("version",),
    "kubectl": ("version", "--client", "-o", "json"),
    "istioctl": ("version", "--remote=false"),
    "go": ("env", "GOVERSION"),
}


@dataclass(frozen=True, slots=True)
class Host:
    """A machine. Sizes are bytes; `features` is None when this user may not try them.

    `programs` has the programs and files that are there, by name.

    `docker_problem` is empty when a daemon answers, and `docker_cgroup` is the version of its
    cgroups then, else 0. `versions` has the programs that were found, empty where one did not say.
    """

    root: bool
    system: str
    """As /etc/os-release calls it: `debian 12`."""
    apt: bool
    programs: Mapping[str, str]
    disk_free: int
    memory: int
    cgroup: int
    inotify: Mapping[str, int]
    features: frozenset[str] | None
    docker_problem: str
    docker_cgroup: int
    versions: Mapping[str, str]


def look(shell: Shell, cache: Path, environment: Mapping[str, str] = os.environ) -> Host:
    """Return what this machine is like now; `cache` is where meshproof keeps its files."""
    path = f"{environment.get('PATH', os.defpath)}:{SBIN}"
    found = {name: where for name in PROGRAMS if (where := shutil.which(name, path=path))}
    found |= {name: str(where) for name, where in FILES.items() if where.exists()}
    problem = docker_problem(shell, environment)
    root = os.geteuid() == 0
    return Host(
        root=root,
        system=_system(),
        apt=shutil.which("apt-get", path=path) is not None,
        programs=found,
        disk_free=shutil.disk_usage(_existing(cache)).free,
        memory=psutil.virtual_memory().available,
        cgroup=2 if (CGROUPS / "cgroup.controllers").exists() else 1,
        inotify=read_limits(),
        features=_features(shell, cache) if root and "unshare" in found else None,
        docker_problem=problem,
        docker_cgroup=0 if problem else _docker_cgroup(shell),
        versions={
            name: _version(shell, name, found[name]) for name in _version_of if name in found
        },
    )


def _system(release: Path = Path("/etc/os-release")) -> str:
    try:
        lines = release.read_text().splitlines()
    except OSError:
        return "unknown"
    fields = dict(line.split("=", 1) for line in lines if "=" in line)
    words = (fields.get(name, "").strip('"') for name in ("ID", "VERSION_ID"))
    return " ".join(word for word in words if word) or "unknown"


def _existing(path: Path) -> Path:
    return next(each for each in (path, *path.parents) if each.exists())


def _features(shell: Shell, cache: Path) -> frozenset[str]:
    trial = cache / f"trial.{os.getpid()}"
    for name in ("lower", "upper", "work", "merged"):
        (trial / name).mkdir(parents=True, exist_ok=True)
    apart = ("unshare", "--net", "--mount", "--pid", "--fork", "--mount-proc")
    try:
        tried = _try(shell, *apart, "sh", "-c", _trial, "sh", str(trial))
    finally:
        shutil.rmtree(trial, ignore_errors=True)
    return frozenset(tried.stdout.split() if tried else ())


def _docker_cgroup(shell: Shell) -> int:
    said = _try(shell, "docker", "info", "--format", "{{.CgroupVersion}}")
    version = said.stdout.strip() if said else ""
    return int(version) if version.isdigit() else 0


def _version(shell: Shell, name: str, program: str) -> str:
    said = _try(shell, program, *_version_of[name])
    if said is None or said.code != 0:
        return ""
    if name == "kubectl":
        return str(json.loads(said.stdout)["clientVersion"]["gitVersion"]).removeprefix("v")
    match = re.search(r"\d+\.\d+(\.\d+)?[\w.-]*", said.stdout)
    return match.group() if match else ""


def _try(shell: Shell, *argv: str) -> Completed | None:
    try:
        return shell.run(argv, timeout=15, check=False)
    except (CommandError, HostError):
        return None
