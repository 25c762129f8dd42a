"""Corefiles that tests share: kubeadm's, that of document 004, and awkward ones to draw."""

from hypothesis import strategies as st

KUBEADM = """\
.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success cluster.local
       disable denial cluster.local
    }
    loop
    reload
    loadbalance
}
"""
"""What kubeadm 1.34 writes."""

DOCUMENT_004 = """\
.:53 {
    errors
    health
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       upstream
       fallthrough in-addr.arpa ip6.arpa
    }
    prometheus :9153
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
    loadbalance
}
global:53 {
    errors
    cache 30
    forward . 10.110.9.9:53
}
"""
"""What the document tells to write in place of the live one."""

PIECES = [
    *'{}#"\\ \t\n\r.',
    "\n}\n",
    " {\n",
    ".:53",
    "global:53",
    "reload",
    " 30s",
    "import x",
    "(snippet)",
    "{$ZONE}",
    "# a comment\n",
    '"a\nb"',
]
AWKWARD = st.text() | st.lists(st.sampled_from(PIECES)).map("".join)
"""Any text, and texts that look like a Corefile in all the wrong places."""

LIKELY = st.tuples(AWKWARD, st.sampled_from([KUBEADM, DOCUMENT_004]), AWKWARD).map("".join)
"""A whole Corefile with anything before and behind it."""
