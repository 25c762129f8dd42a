from hypothesis import given
import pytest

from harness.corefile import refused
from harness.tests.corefiles import AWKWARD, DOCUMENT_004, KUBEADM


def test_the_documents_corefile_is_refused() -> None:
    """Document 004 writes `upstream` into `kubernetes`, which CoreDNS 1.7.0 removed."""
    assert refused(DOCUMENT_004) == (
        "Corefile:7:8: 'upstream' in 'kubernetes' is refused by CoreDNS since 1.7.0: take it out",
    )


def test_kubeadms_corefile_is_accepted() -> None:
    """What kubeadm writes today holds nothing that was removed."""
    assert refused(KUBEADM) == ()


@pytest.mark.parametrize(
    ("corefile", "said"),
    [
        (". {\n proxy . 10.0.0.1\n}\n", "2:2: 'proxy' is refused by CoreDNS since 1.5.0: write `f"),
        (". {\n federation c {\n }\n}\n", "2:2: 'federation' is refused by CoreDNS since 1.7.0"),
        (". {\n kubernetes a {\n  resyncperiod 5m\n }\n}\n", "3:3: 'resyncperiod' in 'kubernetes'"),
        (". {\n kubernetes a {\n  transfer to *\n }\n}\n", "3:3: 'transfer' in 'kubernetes'"),
        ("(s) {\n kubernetes a {\n  upstream\n }\n}\n", "3:3: 'upstream' in 'kubernetes'"),
    ],
)
def test_what_was_removed_is_found(corefile: str, said: str) -> None:
    """Plugins and properties that CoreDNS gave up are named with their place."""
    (problem,) = refused(corefile)
    assert problem.startswith(f"Corefile:{said}")


@pytest.mark.parametrize(
    "corefile",
    [
        ". {\n template IN A {\n  upstream\n }\n}\n",
        ". {\n kubernetes upstream {\n  pods upstream\n }\n}\n",
        ". {\n kubernetes a {\n  # upstream\n }\n}\n",
        "proxy {\n transfer {\n }\n}\n",
    ],
)
def test_the_same_word_elsewhere_is_no_problem(corefile: str) -> None:
    """A zone, an argument, a comment or another plugin's property may be called the same."""
    assert refused(corefile) == ()


@given(AWKWARD)
def test_no_text_whatever_breaks_the_search(corefile: str) -> None:
    """Every problem names a place in the file."""
    assert all(each.startswith("Corefile:") for each in refused(corefile))
