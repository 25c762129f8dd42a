"""Names below `.global`: their addresses, and the CoreDNS that answers for them.

`allocate` gives each name an address, `records` reads names and addresses out of ServiceEntries,
`resolver` writes the Corefile of a CoreDNS that answers from them, in place of istiocoredns. All
three go from values to values; none reaches a cluster.
"""

from harness.global_dns.allocate import NETWORK, allocate
from harness.global_dns.records import Records, records
from harness.global_dns.resolver import ISTIOCOREDNS_TTL, resolver_corefile

__all__ = [
    "ISTIOCOREDNS_TTL",
    "NETWORK",
    "Records",
    "allocate",
    "records",
    "resolver_corefile",
]
