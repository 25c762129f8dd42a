"""HTTP calls from a client pod: who answered, and with which identities."""

import json
import re
from typing import Any

from harness.errors import HarnessError
from harness.mesh import Mesh
from harness.observation import HttpReply, Observation, Unseen
from harness.probes import pods

CONTAINER = "sleep"
"""Every client's container has this name."""
CALL_SECONDS = 5
GIVE_UP_AFTER = 3
"""Failed calls after which a batch ends: by then it is plain that the answer is no."""

# One exec, and where all is well one curl, for the whole batch: a process for each call would take
# most of the time. Each call has a connection of its own, and one that is lost ends its curl.
# curl's own words follow each body on a line that no body holds.
_BATCH = """
set -f
calls=0; lost=0
while [ $calls -lt $1 ] && [ $lost -lt $3 ]; do
  left=$(($1-calls)); [ $lost -gt 0 ] && left=1
  said=$(curl -g -sS -m $4 --fail-early -H 'Connection: close' \
    -w '\\n@@ %{http_code} %{exitcode} %{errormsg}\\n' $(yes "$2" | head -n $left) 2>/dev/null)
  code=$?
  printf '%s\\n' "$said"
  answers=$(printf '%s\\n' "$said" | grep -c '^@@ ')
  calls=$((calls+answers))
  [ $code -eq 0 ] && [ $answers -gt 0 ] || lost=$((lost+1))
done
true
"""
_ANSWER = re.compile(r"^@@ (\d{3}) (\d+) ?(.*)$", re.MULTILINE)


def call(
    mesh: Mesh, source: str, url: str, *, times: int = 1, client: str = "sleep"
) -> list[Observation]:
    """Call `url` `times` times from a client pod of cluster `source`, in one exec.

    The pod that answered is told by its own reply (`/hostname`), the identities by the header
    that its sidecar adds (`/headers`).
    """
    space = mesh.topology.client_namespace
    argv = ["sh", "-c", _BATCH, "batch", str(times), url, str(GIVE_UP_AFTER), str(CALL_SECONDS)]
    limit = GIVE_UP_AFTER * CALL_SECONDS + times + 10
    try:
        homes = pods.homes(mesh)
        pod = pods.client(mesh, source, client)
        done = mesh.kube(source).exec(pod, space, CONTAINER, argv, timeout=limit)
    except HarnessError as cause:
        return [Unseen(source, f"call {url} {times} times", str(cause))]
    replies = parse(source, url, done.stdout, homes, client)
    if not replies:
        return [Unseen(source, f"call {url}", f"no answer of curl in: {done.stderr[-300:]}")]
    return list(replies)


def parse(
    source: str, url: str, output: str, homes: dict[str, str], client: str = "sleep"
) -> list[HttpReply]:
    """Return the replies in a batch's output."""
    replies = []
    begin = 0
    for answer in _ANSWER.finditer(output):
        body, begin = output[begin : answer.start()], answer.end()
        status, code, error = int(answer[1]), int(answer[2]), answer[3]
        told = _json(body)
        pod = str(told.get("hostname", ""))
        by, uri = identities(told.get("headers", {}))
        replies.append(
            HttpReply(
                source=source,
                url=url,
                status=status,
                pod=pod,
                cluster=homes.get(pod, ""),
                error=error if code else ("" if told else body.strip()[:200]),
                curl_exit=code,
                client_identity=uri,
                server_identity=by,
                client=client,
            )
        )
    return replies


def identities(headers: dict[str, list[str]]) -> tuple[str, str]:
    """Return server's and client's SPIFFE ids of X-Forwarded-Client-Cert (By=...;URI=...)."""
    value = ",".join(headers.get("X-Forwarded-Client-Cert", []))
    parts = dict(part.partition("=")[::2] for part in value.split(";") if "=" in part)
    return parts.get("By", ""), parts.get("URI", "")


def _json(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
