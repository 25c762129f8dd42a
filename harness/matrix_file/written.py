"""What a user may write in a matrix file: names and types of its keys, and their JSON schema."""

from typing import Annotated, Any

from pydantic import Field

from harness.settings import RELEASE
from harness.topology_file.written import Written, without_default

Release = Annotated[str, Field(pattern=RELEASE, examples=["1.31.1"])]


class WrittenMatrix(Written):
    """The Istio versions and the topologies that a release is qualified for."""

    title: Annotated[str, Field(min_length=1)]
    """What is qualified, in a few words: it heads the report."""
    istio: Annotated[
        # that there is one at all is said by `load`, in words
        tuple[Release, ...], Field(json_schema_extra={"minItems": 1, "uniqueItems": True})
    ]
    """The Istio versions; one that cannot be had is reported as such."""
    topologies: Annotated[tuple[str, ...], Field(json_schema_extra=without_default)] = ()
    """Names of shipped topologies, or files beside this one; left out, every shipped one."""


def schema() -> dict[str, Any]:
    """Return the JSON schema of a matrix file, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **WrittenMatrix.model_json_schema(),
    }
