"""PATH as an engine's programs see it: the stack's tools first."""

from collections.abc import Mapping
import os

from harness.engine import Stack


def path_with(stack: Stack | None, environment: Mapping[str, str]) -> str:
    """Return PATH with the folders of the stack's tools before all others."""
    tools = (stack.tools.kind, stack.tools.kubectl, stack.tools.istioctl) if stack else ()
    before = dict.fromkeys(str(tool.parent) for tool in tools)
    return os.pathsep.join([*before, environment.get("PATH", os.defpath)])
