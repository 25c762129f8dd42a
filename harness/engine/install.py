"""Which Debian packages bring the programs that are missing, and installing them by apt-get."""

from collections.abc import Callable

from harness.access import Shell
from harness.engine.host import Host
from harness.errors import CommandError

_engine = ("docker", "dockerd", "containerd", "runc", "ip", "iptables", "nsenter", "unshare")
_build = ("mmdebstrap", "unshare", "debian-archive-keyring", "ca-certificates")
_package = {
    "docker": "docker.io",
    "dockerd": "docker.io",
    "containerd": "containerd",
    "runc": "runc",
    "ip": "iproute2",
    "iptables": "iptables",
    "nsenter": "util-linux",
    "unshare": "util-linux",
    "mmdebstrap": "mmdebstrap",
    "debian-archive-keyring": "debian-archive-keyring",
    "ca-certificates": "ca-certificates",
}
_client_apart = 13
"""The first Debian that has Docker's client in a package of its own."""


def packages_for(
    host: Host, *, embedded: bool, building: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the programs that are missing, and the Debian packages that bring them."""
    wanted = (*(_engine if embedded else ()), *(_build if building else ()))
    missing = tuple(dict.fromkeys(name for name in wanted if name not in host.programs))
    return missing, tuple(dict.fromkeys(_named(name, host.system) for name in missing))


def _named(program: str, system: str) -> str:
    name, _, version = system.partition(" ")
    apart = name == "debian" and (not version.isdigit() or int(version) >= _client_apart)
    return "docker-cli" if program == "docker" and apart else _package[program]


def install(shell: Shell, packages: tuple[str, ...], say: Callable[[str], None]) -> None:
    """Install Debian packages, refreshing apt's lists if they do not have them; needs root.

    Raises CommandError with apt's own words when it cannot.
    """
    say(f"installing {' '.join(packages)} (apt-get; --no-install refuses)")
    argv = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *packages]
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    if shell.run(argv, timeout=900, env=quiet, check=False).code != 0:
        try:
            shell.run(["apt-get", "update", "--quiet"], timeout=300, env=quiet)
        except CommandError as problem:
            say(f"apt-get update failed: {problem.stderr.strip()[-200:]}")
        shell.run(argv, timeout=900, env=quiet)
