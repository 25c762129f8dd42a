"""Which Linux capabilities this process lacks: Docker gives all of them to privileged containers.

Where one is missing every privileged container fails to start, unless the runtime asks for less.
"""

from pathlib import Path

_listed = (
    "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE "
    "NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO "
    "SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME "
    "SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG "
    "WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE"
)  # by their numbers, from 0, as linux/capability.h has them
_names = _listed.split()


def missing_capabilities(
    status: Path = Path("/proc/self/status"),
    last: Path = Path("/proc/sys/kernel/cap_last_cap"),
) -> tuple[str, ...]:
    """Return the capabilities this kernel knows and this process has not, as `CAP_...`."""
    lines = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
    held = int(lines["CapEff"], 16)
    known = range(min(int(last.read_text()) + 1, len(_names)))
    return tuple(f"CAP_{_names[number]}" for number in known if not held >> number & 1)
