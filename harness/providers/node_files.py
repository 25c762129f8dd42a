"""Files that every node finds when it boots: its pods' network and two rules of its firewall.

One node needs no daemon to join its pods: plugins that every node image carries are enough.
"""

from collections.abc import Iterable
from ipaddress import IPv4Network
import json

CNI = "/etc/cni/net.d/10-meshproof.conflist"
RULES = "/etc/meshproof/rules"
UNIT = "/etc/systemd/system/containerd.service.d/20-meshproof.conf"


def cni(pods: IPv4Network) -> str:
    """Return the pods' network: addresses from their range, and host ports; nothing masqueraded."""
    return json.dumps(
        {
            "cniVersion": "0.4.0",
            "name": "meshproof",
            "plugins": [
                {
                    "type": "ptp",
                    "ipMasq": False,
                    "ipam": {
                        "type": "host-local",
                        "ranges": [[{"subnet": str(pods)}]],
                        "routes": [{"dst": "0.0.0.0/0"}],
                    },
                },
                {"type": "portmap", "capabilities": {"portMappings": True}},
            ],
        },
        indent=1,
    )


def rules(pods: IPv4Network, services: IPv4Network, neighbours: Iterable[IPv4Network]) -> str:
    """Return a script that puts the rules in force; run again, it adds nothing.

    What reaches FORWARD with a service's address was not translated: kube-proxy has not written
    its rules yet, or nobody serves. Without a refusal it is lost, and its sender waits 30 s.

    What leaves for anywhere but the pods of the same network carries the node's address: replies
    find no way back to a pod's address from there.
    """
    direct = "\n".join(f"-A MESHPROOF -d {each} -j RETURN" for each in (pods, *neighbours))
    return f"""\
if ! iptables -w -t nat -C POSTROUTING -s {pods} -j MESHPROOF 2>/dev/null; then
iptables-restore -w --noflush <<'END'
*filter
-A FORWARD -d {services} -j REJECT
COMMIT
*nat
:MESHPROOF -
{direct}
-A MESHPROOF -j MASQUERADE
-A POSTROUTING -s {pods} -j MESHPROOF
COMMIT
END
fi
"""


def unit() -> str:
    """Return the addition to containerd's unit by which the rules are there before any pod is."""
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    return f"[Service]\nExecStartPost=-/usr/bin/env PATH={path} sh {RULES}\n"
