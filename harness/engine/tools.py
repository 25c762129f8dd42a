"""PATH as an engine's programs see it: the stack's tools first."""

from collections.abc import Mapping
import os

from harness.engine import Stack


def path_with(stack: Stack | None, environment: Mapping[str, str]) -> str:
    """Return PATH with the folders of the stack's tools before all others, each once."""
    tools = (stack.tools.kind, stack.tools.kubectl, stack.tools.istioctl) if stack else ()
    before = [str(tool.parent) for tool in tools]
    after = environment.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(dict.fromkeys([*before, *after]))
