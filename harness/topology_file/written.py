"""What a user may write in a topology file: names and types of its keys, and their JSON schema."""

from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from harness.settings import Frozen
from harness.topology import Discovery, GlobalForm, KeyType, Resolver, Root, Spelling
from harness.topology_file.ranges import MOST_CLUSTERS, what_is_wrong

LABEL = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
"""A DNS label but for its length, which each name limits as what is made of it allows."""

LONGEST_NAME = 40
"""Characters of a topology's name, which stands in every test id."""

FIRST_NETWORK = "network1"


def _range(text: str) -> str:
    if wrong := what_is_wrong(text):
        # as a custom error pydantic hands the words through without an introduction of its own
        raise PydanticCustomError("range", "{wrong}", {"wrong": wrong})
    return text


def without_default(schema: dict[str, Any]) -> None:
    """Take out of a key's schema the empty default that means "not written"."""
    schema.pop("default")  # an editor would offer the empty text that means "not written"


Name = Annotated[str, Field(pattern=LABEL, max_length=20)]
OptionalName = Annotated[Name, Field(json_schema_extra=without_default)]
Range = Annotated[
    str,
    AfterValidator(_range),
    Field(json_schema_extra=without_default, examples=["10.10.0.0/16"]),
]


class Written(Frozen):
    """Anything in the file; its keys' docstrings are what an editor shows."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class WrittenCluster(Written):
    """One cluster."""

    name: Name
    """The cluster's name in the mesh: lower-case letters, digits and hyphens."""
    network: Name = FIRST_NETWORK
    """Its network: pods of one network reach each other directly, others through gateways."""
    primary: OptionalName = ""
    """The cluster whose istiod serves it; left out, it is a primary with an istiod of its own."""
    pods: Range = ""
    """The pods' addresses; left out, a range that no other cluster has."""
    services: Range = ""
    """The services' addresses; left out, a range that no other cluster has."""


class WrittenTopology(Written):
    """The clusters of one mesh and how they are joined."""

    title: Annotated[str, Field(min_length=1)]
    """What this topology is, in a few words."""
    clusters: Annotated[
        tuple[WrittenCluster, ...],
        # counted by `rules`: pydantic counts only the items that are right
        Field(json_schema_extra={"minItems": 1, "maxItems": MOST_CLUSTERS}),
    ]
    """The clusters; each is a primary unless it names another as its primary."""
    name: Annotated[
        str, Field(pattern=LABEL, max_length=LONGEST_NAME, json_schema_extra=without_default)
    ] = ""
    """The name that selects this topology; left out, the file's name without its ending."""
    document: str = ""
    """Which document describes this form, and what had to be done differently."""
    spelling: Spelling = Spelling.ENVIRONMENT
    """How a primary that serves remotes, and the remotes themselves, are written."""
    revision: Annotated[
        # Service istiod-REVISION must fit a label of 63
        str, Field(pattern=LABEL, max_length=56, json_schema_extra=without_default)
    ] = ""
    """The control planes' revision; left out, they have none."""
    root: Root = Root.OWN
    """Whether each istiod signs with a root of its own, or all with intermediates of one."""
    key_type: KeyType = KeyType.EC
    """The kind of key the shared root and the intermediates have."""
    discovery: Discovery = Discovery.REMOTE_SECRETS
    """How a cluster comes to know the services of the others."""
    global_form: GlobalForm = GlobalForm.TWIN
    """How `.global` names are routed."""
    resolver: Resolver = Resolver.NONE
    """Who answers for names that Kubernetes does not know."""


def schema() -> dict[str, Any]:
    """Return the JSON schema of a topology file, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **WrittenTopology.model_json_schema(),
    }
