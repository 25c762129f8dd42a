from collections.abc import Sequence

import pytest

from harness.access import Completed
from harness.errors import UnreachableError
from harness.observation import DnsReply, Unseen
from harness.probes import dns
from harness.probes.dns import Question
from harness.tests.fakes import FakeMesh, completed, fake_mesh, hold_pod
from harness.tests.topologies import multi_primary_two_networks
from harness.topology import Discovery

NAME = "httpbin.bar.global"

# of the shape that dig 9.18 prints
ANSWERED = """\

; <<>> DiG 9.18.28 <<>> +notcp +nosearch +time=3 +tries=1 httpbin.bar.global A
;; global options: +cmd
;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 4711
;; flags: qr aa rd; QUERY: 1, ANSWER: 2, AUTHORITY: 0, ADDITIONAL: 1

;; QUESTION SECTION:
;httpbin.bar.global.		IN	A

;; ANSWER SECTION:
httpbin.bar.global.	5	IN	A	240.0.0.3
httpbin.bar.global.	4	IN	A	240.0.0.2

;; Query time: 0 msec
;; SERVER: 10.11.0.10#53(10.11.0.10) (UDP)
"""
UNKNOWN = """\
;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 4712
;; SERVER: 10.11.0.10#53(10.11.0.10) (UDP)
"""
FAILED = UNKNOWN.replace("NXDOMAIN", "SERVFAIL")
EMPTY = UNKNOWN.replace("NXDOMAIN", "NOERROR")
ALIAS = ANSWERED.replace(
    "httpbin.bar.global.	5	IN	A	240.0.0.3",
    "httpbin.bar.global.	5	IN	CNAME	x.bar.global.",
)
LATE = ";; communications error to 10.11.0.10#53: timed out\n;; no servers could be reached\n"


def reply(
    rcode: str, *answers: str, ttl: int | None = None, server: str = "10.11.0.10"
) -> DnsReply:
    """Return what east's client was told of the name."""
    return DnsReply("east", NAME, "A", rcode, answers, ttl, "udp", server)


@pytest.mark.parametrize(
    ("expected", "output"),
    [
        (reply("NOERROR", "240.0.0.2", "240.0.0.3", ttl=4), ANSWERED),
        (reply("NXDOMAIN"), UNKNOWN),
        (reply("SERVFAIL"), FAILED),
        (reply("NOERROR"), EMPTY),
        (reply("NOERROR", "240.0.0.2", ttl=4), ALIAS),
        (reply("TIMEOUT", server=""), LATE),
    ],
    ids=["answered", "unknown", "servfail", "empty", "alias", "timeout"],
)
def test_a_reply_is_what_dig_says_of_it(expected: DnsReply, output: str) -> None:
    """Code, answers of the type asked for in order, the shortest TTL, and who answered."""
    assert [expected] == list(dns.parse("east", [Question(NAME)], f"{output}@@ next\n"))


def test_replies_belong_to_their_questions() -> None:
    """Each question keeps its own name, type and transport."""
    questions = [Question(NAME), Question("no-such.bar.global", "AAAA", "tcp")]

    first, second = dns.parse("east", questions, f"{ANSWERED}@@ next\n{UNKNOWN}@@ next\n")

    assert reply("NOERROR", "240.0.0.2", "240.0.0.3", ttl=4) == first
    assert (
        DnsReply(
            "east", "no-such.bar.global", "AAAA", "NXDOMAIN", transport="tcp", server="10.11.0.10"
        )
        == second
    )


def test_a_client_without_dig_leaves_its_questions_open() -> None:
    """What the shell said is the reason; it is not taken for a time-out."""
    (seen,) = dns.parse("east", [Question(NAME)], "sh: 1: dig: not found\n@@ next\n")

    assert Unseen("east", Question(NAME).words, "sh: 1: dig: not found") == seen


def test_a_name_may_hold_the_word_dig() -> None:
    """Only a shell that finds no dig leaves the question open."""
    (seen,) = dns.parse(
        "east", [Question("dig.bar.global")], f"{UNKNOWN}; dig.bar.global\n@@ next\n"
    )

    assert isinstance(seen, DnsReply)


@pytest.mark.parametrize(
    ("words", "question"),
    [
        (f"dig +notcp +nosearch +time=3 +tries=1 {NAME} A", Question(NAME)),
        (f"dig +tcp +nosearch +time=3 +tries=1 {NAME} AAAA", Question(NAME, "AAAA", "tcp")),
        ("dig +notcp +search +time=3 +tries=1 httpbin A", Question("httpbin", search=True)),
        ("dig +notcp +nosearch +time=3 +tries=1 -x 240.0.0.2", Question("240.0.0.2", "PTR")),
    ],
    ids=["plain", "tcp", "search", "reverse"],
)
def test_a_question_is_put_as_dig_takes_it(words: str, question: Question) -> None:
    """Transport, search path and the reverse form are options; it is asked once."""
    assert words == question.words


def furnished(output: str) -> FakeMesh:
    """Return a mesh whose east has both clients, and execs that print this."""
    fake = fake_mesh(multi_primary_two_networks(discovery=Discovery.GLOBAL_NAMES))
    for name in ("sleep", "plain"):
        hold_pod(fake.kubes["east"], f"{name}-1", "foo", app=name)
    fake.kubes["east"].answer = lambda _: completed(output)
    return fake


def test_questions_are_put_in_one_exec_of_the_plain_client() -> None:
    """Without a sidecar the cluster's own DNS answers; all questions cost one exec."""
    fake = furnished(f"{ANSWERED}@@ next\n{UNKNOWN}@@ next\n")
    questions = [Question(NAME), Question("no-such.bar.global")]

    seen = dns.ask(fake.mesh, "east", questions)

    assert ["NOERROR", "NXDOMAIN"] == [each.rcode for each in seen if isinstance(each, DnsReply)]
    (execution,) = fake.kubes["east"].calls
    _, pod, namespace, container, argv, timeout = execution
    assert ("plain-1", "foo", "sleep", ("sh", "-c")) == (pod, namespace, container, argv[:2])
    assert [question.words in argv[2] for question in questions] == [True, True]
    assert timeout > dns.SECONDS * len(questions)


def test_a_client_with_a_sidecar_may_be_asked() -> None:
    """Where Istio's DNS proxy is on, that client is told what it says."""
    fake = furnished(f"{ANSWERED}@@ next\n")

    dns.ask(fake.mesh, "east", [Question(NAME)], client="sleep")

    assert fake.kubes["east"].calls[0][1] == "sleep-1"


def test_a_lost_exec_leaves_the_questions_open() -> None:
    """One Unseen, no time-outs made up."""
    fake = furnished("")

    def lose(_: Sequence[str]) -> Completed:
        raise UnreachableError("the stream was lost")

    fake.kubes["east"].answer = lose

    assert [Unseen("east", f"ask for {NAME}", "the stream was lost")] == dns.ask(
        fake.mesh, "east", [Question(NAME)]
    )


def test_questions_that_were_not_reached_are_not_answered() -> None:
    """Output that ends early holds fewer replies, and what follows the last mark is none."""
    questions = [Question(NAME), Question("no-such.bar.global")]

    seen = list(dns.parse("east", questions, f"{ANSWERED}@@ next\n"))

    assert reply("NOERROR", "240.0.0.2", "240.0.0.3", ttl=4) == seen[0]
    lost = "dig was cut off: "
    assert [Unseen("east", questions[1].words, lost)] == seen[1:]
    words = questions[0].words
    assert Unseen("east", words, f"{lost};; Got ans") == next(
        dns.parse("east", questions, ";; Got ans")
    )
