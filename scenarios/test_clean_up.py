"""After the documents' clean-up each cluster holds what it held before the mesh, and its CRDs."""

from collections.abc import Callable, Sequence
from functools import partial

from fixtures.judge import Judge
from harness.checks.leftovers import left_as_found
from harness.observation import Observation
from harness.steps.withdrawal import GIVEN

REMAINS = (
    "CustomResourceDefinition.apiextensions.k8s.io/v1 *.istio.io",
    *(f"ConfigMap.v1 */{name}" for name in GIVEN),
)
"""What `istioctl uninstall --purge` and deleted namespaces are known to leave."""
PATIENCE = 60.0
"""Seconds that controllers may take to drop what belonged to what is gone."""

Look = Callable[[], Sequence[Observation]]


def test_uninstalling_and_deleting_the_namespaces_leaves_only_what_is_known(
    cleaned_up: Look, judge: Judge
) -> None:
    """Nothing of the mesh is left but Istio's CRDs and roots; nothing of others is gone."""
    judge(partial(left_as_found, remains=REMAINS), cleaned_up, patience=PATIENCE)
