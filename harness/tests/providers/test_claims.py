from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from harness.drivers.kind import ContainerNetwork
from harness.engine.owner import Owner
from harness.errors import HostError
from harness.providers.claims import Claims, release_run

NETWORK = ContainerNetwork("d6f7" * 16, IPv4Network("172.18.0.0/24"))


@pytest.fixture
def claims(tmp_path: Path) -> Claims:
    """Return the claims on a network of 256 addresses."""
    return Claims(tmp_path, NETWORK)


def _dead(run: str) -> Owner:
    return replace(Owner.this_process(run), pid=2**22 + 1)


def test_two_runs_never_share_an_address(claims: Claims) -> None:
    """What one run holds is not given to another."""
    first = claims.claim(Owner.this_process("one"), ["one-a", "one-b"], 16)
    second = claims.claim(Owner.this_process("two"), ["two-a"], 16)
    ranges = [*first.values(), *second.values()]
    assert len(ranges) == 3
    assert not any(a.overlaps(b) for a in ranges for b in ranges if a is not b)


def test_claims_made_at_once_do_not_overlap(tmp_path: Path) -> None:
    """The lock holds between claimants that know nothing of each other."""

    def claim(number: int) -> str:
        owner = Owner.this_process(f"run{number}")
        (got,) = Claims(tmp_path, NETWORK).claim(owner, [f"c{number}"], 8).values()
        return str(got)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(claim, range(8)))) == 8


def test_a_cluster_that_asks_again_keeps_its_addresses(claims: Claims) -> None:
    """Claiming is idempotent."""
    owner = Owner.this_process("one")
    before = claims.claim(owner, ["a"], 16)
    assert claims.claim(owner, ["a", "b"], 16)["a"] == before["a"]


def test_addresses_given_back_are_free(claims: Claims, tmp_path: Path) -> None:
    """After the last release nothing is left of the claims but the lock."""
    owner = Owner.this_process("one")
    claims.claim(owner, ["a"], 100)
    with pytest.raises(HostError, match="no room"):
        claims.claim(owner, ["b"], 100)
    claims.release("a")
    claims.release("a")
    assert list(tmp_path.glob("*.json")) == []
    assert claims.claim(owner, ["b"], 100)


def test_a_dead_runs_claim_falls_with_its_clusters(claims: Claims) -> None:
    """Addresses of a run that was killed are free, unless its clusters still stand."""
    claims.claim(_dead("gone"), ["gone-a"], 100)
    with pytest.raises(HostError):
        claims.claim(Owner.this_process("two"), ["b"], 100, is_up=lambda name: name == "gone-a")
    assert claims.claim(Owner.this_process("two"), ["b"], 100)


def test_all_that_a_run_holds_is_given_back_at_once(claims: Claims, tmp_path: Path) -> None:
    """Whoever else holds addresses keeps them; a run that holds none is no error."""
    claims.claim(Owner.this_process("one"), ["a", "b"], 8)
    kept = claims.claim(Owner.this_process("two"), ["c"], 8)["c"]
    release_run(tmp_path, "one")
    release_run(tmp_path, "three")
    release_run(tmp_path / "absent", "one")

    assert kept == claims.claim(Owner.this_process("two"), ["c"], 8)["c"]
    assert str(kept) in "".join(path.read_text() for path in tmp_path.glob("*.json"))
    release_run(tmp_path, "two")
    assert [] == list(tmp_path.glob("*.json"))
