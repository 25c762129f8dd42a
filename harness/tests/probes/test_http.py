from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from harness.access import Completed
from harness.drivers.shell import LocalShell
from harness.errors import UnreachableError
from harness.observation import HttpReply, Unseen
from harness.probes import http
from harness.tests.fakes import FakeMesh, completed, fake_mesh, hold_pod
from harness.tests.topologies import primary_remote

URL = "http://httpbin:8000/hostname"
HOMES = {"httpbin-1": "west"}

# as curl 7.88 prints them
ANSWERED = '{"hostname": "httpbin-1"}\n@@ 200 0 \n'
UNAVAILABLE = "no healthy upstream\n@@ 503 0 \n"
RESET = "\n@@ 000 56 Recv failure: Connection reset by peer\n"
UNRESOLVED = "\n@@ 000 6 Could not resolve host: httpbin\n"


@pytest.mark.parametrize(
    ("output", "reply"),
    [
        (ANSWERED, HttpReply("east", URL, 200, "httpbin-1", "west")),
        (UNAVAILABLE, HttpReply("east", URL, 503, error="no healthy upstream")),
        (
            RESET,
            HttpReply("east", URL, 0, error="Recv failure: Connection reset by peer", curl_exit=56),
        ),
        (
            UNRESOLVED,
            HttpReply("east", URL, 0, error="Could not resolve host: httpbin", curl_exit=6),
        ),
        (
            '{"hostname": "stranger"}\n@@ 200 0 \n',
            HttpReply("east", URL, 200, "stranger", ""),
        ),
        ("\n@@ 200 0 \n", HttpReply("east", URL, 200)),
        ("[1, 2]\n@@ 200 0 \n", HttpReply("east", URL, 200, error="[1, 2]")),
        (
            '{"hostname": "httpbin-1"}\n@@ 200 18 transfer closed\n',
            HttpReply("east", URL, 200, "httpbin-1", "west", error="transfer closed", curl_exit=18),
        ),
        ("x" * 500 + "\n@@ 500 0 \n", HttpReply("east", URL, 500, error="x" * 200)),
    ],
    ids=[
        "answered",
        "503",
        "reset",
        "unresolved",
        "stranger",
        "empty",
        "not-an-object",
        "cut-off",
        "long",
    ],
)
def test_a_reply_is_what_curl_says_of_it(output: str, reply: HttpReply) -> None:
    """Status, answering pod and its cluster; where none answered, curl's code and words."""
    assert [reply] == http.parse("east", URL, output, HOMES)


def test_a_batch_is_read_reply_by_reply() -> None:
    """Each body belongs to the answer that follows it, in the order of the calls."""
    replies = http.parse("east", URL, ANSWERED + UNAVAILABLE + RESET + ANSWERED, HOMES, "plain")

    assert [(200, "west"), (503, ""), (0, ""), (200, "west")] == [
        (each.status, each.cluster) for each in replies
    ]
    assert {"plain"} == {each.client for each in replies}


def test_a_body_of_several_lines_is_one_body() -> None:
    """JSON that the server broke into lines is read whole."""
    output = '{\n  "hostname":\n  "httpbin-1"\n}\n\n@@ 200 0 \n'

    assert [HttpReply("east", URL, 200, "httpbin-1", "west")] == http.parse(
        "east", URL, output, HOMES
    )


def test_output_without_an_answer_is_no_reply() -> None:
    """What curl never ended is not taken for an answer."""
    assert [] == http.parse("east", URL, "sh: curl: not found\n", HOMES)


XFCC = (
    "By=spiffe://cluster.local/ns/sample/sa/httpbin;Hash=5b1f=;"
    'Subject="";URI=spiffe://cluster.local/ns/sample/sa/sleep'
)


@pytest.mark.parametrize(
    ("expected", "headers"),
    [
        (
            (
                "spiffe://cluster.local/ns/sample/sa/httpbin",
                "spiffe://cluster.local/ns/sample/sa/sleep",
            ),
            {"X-Forwarded-Client-Cert": [XFCC]},
        ),
        (("", ""), {}),
        (("", ""), {"X-Forwarded-Client-Cert": []}),
        (("", ""), {"Host": ["httpbin:8000"]}),
    ],
    ids=["both", "no-headers", "empty", "another-header"],
)
def test_identities_are_those_of_the_forwarded_certificate(
    expected: tuple[str, str], headers: dict[str, list[str]]
) -> None:
    """`By` is the server's, `URI` the client's; without mutual TLS there is none."""
    assert expected == http.identities(headers)


def test_a_reply_carries_its_identities() -> None:
    """The header that httpbin shows ends up in the observation, each at its own end."""
    output = f'{{"headers": {{"X-Forwarded-Client-Cert": ["{XFCC}"]}}}}\n@@ 200 0 \n'.replace(
        '""', '\\"\\"'
    )

    (reply,) = http.parse("east", "http://httpbin:8000/headers", output, HOMES)

    assert "spiffe://cluster.local/ns/sample/sa/sleep" == reply.client_identity
    assert "spiffe://cluster.local/ns/sample/sa/httpbin" == reply.server_identity


def furnished(answer: Callable[[Sequence[str]], Completed]) -> FakeMesh:
    """Return a mesh with two clients in east, an httpbin in west, and execs that answer so."""
    fake = fake_mesh(primary_remote())
    hold_pod(fake.kubes["east"], "sleep-1", app="sleep")
    hold_pod(fake.kubes["east"], "plain-1", app="plain")
    hold_pod(fake.kubes["west"], "httpbin-1", app="httpbin")
    fake.kubes["east"].answer = answer
    return fake


def test_calls_are_made_in_one_exec_of_the_clients_pod() -> None:
    """The whole batch costs one exec, in the container `sleep` of the client that was named."""
    fake = furnished(lambda _: completed(ANSWERED * 2))

    seen = http.call(fake.mesh, "east", URL, times=2, client="plain")

    assert [HttpReply("east", URL, 200, "httpbin-1", "west", client="plain")] * 2 == seen
    (execution,) = fake.kubes["east"].calls
    assert ("exec", "plain-1", "sample", "sleep") == execution[:4]


def test_an_exec_has_time_for_every_call_to_be_given_up() -> None:
    """Its deadline lies beyond the longest that lost calls may take."""
    fake = furnished(lambda _: completed(ANSWERED))

    http.call(fake.mesh, "east", URL, times=21)

    assert fake.kubes["east"].calls[0][5] > http.GIVE_UP_AFTER * http.CALL_SECONDS + 21


@pytest.mark.parametrize("cluster", ["east", "west"])
def test_a_lost_api_server_leaves_the_question_open(cluster: str) -> None:
    """Whether the exec or the search for homes is lost: one Unseen, no reply made up."""
    fake = furnished(lambda _: completed(ANSWERED))
    fake.kubes[cluster].down = True

    assert [Unseen("east", f"call {URL} 3 times", "the API server does not answer")] == http.call(
        fake.mesh, "east", URL, times=3
    )


def test_a_lost_stream_leaves_the_question_open() -> None:
    """An exec that breaks off says nothing of the mesh."""

    def lose(_: Sequence[str]) -> Completed:
        raise UnreachableError("the stream was lost")

    assert [Unseen("east", f"call {URL} 1 times", "the stream was lost")] == http.call(
        furnished(lose).mesh, "east", URL
    )


def test_a_client_without_curl_leaves_the_question_open() -> None:
    """Where no answer of curl is found, what the shell said is the reason."""
    fake = furnished(lambda _: completed("", stderr="sh: curl: not found"))

    assert [
        Unseen("east", f"call {URL}", "no answer of curl in: sh: curl: not found")
    ] == http.call(fake.mesh, "east", URL)


@pytest.fixture
def run_here(tmp_path: Path) -> Callable[[str], Callable[[Sequence[str]], Completed]]:
    """Run the client's script on this machine, with a fake curl that is written by the test."""

    def with_curl(script: str) -> Callable[[Sequence[str]], Completed]:
        curl = tmp_path / "curl"
        noted = f"printf '%s\\n' \"$*\" >> {tmp_path}/calls"
        curl.write_text(f"#!/bin/sh\n{noted}\n{script}\n")
        curl.chmod(0o755)
        shell = LocalShell(environment={"PATH": f"{tmp_path}:/usr/bin:/bin"})
        return lambda argv: shell.run(argv, timeout=10, check=False)

    return with_curl


RunHere = Callable[[str], Callable[[Sequence[str]], Completed]]


def test_the_script_calls_as_often_as_asked(run_here: RunHere, tmp_path: Path) -> None:
    """Every call asks for the URL with a limit of its own, and prints what the probe reads."""
    run = run_here("""printf '{"hostname": "httpbin-1"}\\n@@ 200 0 \\n'""")

    seen = http.call(furnished(run).mesh, "east", URL, times=5)

    assert [HttpReply("east", URL, 200, "httpbin-1", "west")] * 5 == seen
    calls = (tmp_path / "calls").read_text().splitlines()
    assert len(calls) == 5
    assert f"-m {http.CALL_SECONDS} " in calls[0]
    assert "\\n@@ %{http_code} %{exitcode} %{errormsg}\\n" in calls[0]
    assert calls[0].endswith(f" {URL}")


EACH = """for word; do case $word in http:*) printf 'ok\\n@@ 200 0 \\n';; esac; done"""
"""A fake curl that is answered by each URL it is given."""


def test_one_curl_makes_all_calls_of_a_batch(run_here: RunHere, tmp_path: Path) -> None:
    """Each over a connection of its own, so that each may be answered by another pod."""
    seen = http.call(furnished(run_here(EACH)).mesh, "east", URL, times=5)

    assert [200] * 5 == [each.status for each in seen if isinstance(each, HttpReply)]
    (words,) = (tmp_path / "calls").read_text().splitlines()
    assert words.count(URL) == 5
    assert "Connection: close" in words


def test_a_lost_call_among_others_is_one_of_the_batch(run_here: RunHere, tmp_path: Path) -> None:
    """It ends its curl; the calls that are left are made one by one."""
    lost = "printf 'ok\\n@@ 200 0 \\n\\n@@ 000 56 Connection reset\\n'; exit 56"
    once = f"[ -e {tmp_path}/once ] || {{ touch {tmp_path}/once; {lost}; }}"

    seen = http.call(furnished(run_here(f"{once}\n{EACH}")).mesh, "east", URL, times=4)

    assert [200, 0, 200, 200] == [each.status for each in seen if isinstance(each, HttpReply)]
    assert 3 == len((tmp_path / "calls").read_text().splitlines())


def test_the_script_gives_up_after_a_few_lost_calls(run_here: RunHere) -> None:
    """By then it is plain that nobody answers; what was lost is told call by call."""
    run = run_here("printf '\\n@@ 000 56 Connection reset\\n'; exit 56")

    seen = http.call(furnished(run).mesh, "east", URL, times=21)

    lost = HttpReply("east", URL, 0, error="Connection reset", curl_exit=56)
    assert [lost] * http.GIVE_UP_AFTER == seen


def test_the_script_goes_on_when_the_answer_is_an_error(run_here: RunHere) -> None:
    """A 503 is an answer: the sample is as large as was asked for."""
    run = run_here("printf 'no healthy upstream\\n@@ 503 0 \\n'")

    assert len(http.call(furnished(run).mesh, "east", URL, times=8)) == 8
