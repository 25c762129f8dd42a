"""Changes to a live Corefile that leave every other byte alone, and can be taken back exactly.

`lexer` and `blocks` read a Corefile as CoreDNS does, `stub` adds and removes a marked block for a
zone, `reload` shortens the time until a change takes effect, `refused` finds what today's CoreDNS
does not accept. All of them go from text to text; none reaches a cluster.
"""

from harness.corefile.refused import refused
from harness.corefile.reload import quicken_reload, restore_reload, takes_effect_within
from harness.corefile.stub import add_stub, has_stub, remove_stub

__all__ = [
    "add_stub",
    "has_stub",
    "quicken_reload",
    "refused",
    "remove_stub",
    "restore_reload",
    "takes_effect_within",
]
