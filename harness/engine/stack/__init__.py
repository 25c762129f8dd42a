"""Tools and images, built once from package registries and kept in the user's cache.

`recipe` and `node` say what, as data; `make` and its makers do it, a part at a time; `store` keeps
what is whole; `build` decides the order and tells how far it is; `provide` is the way in.
"""

from harness.engine.stack.progress import Progress
from harness.engine.stack.provide import provide
from harness.engine.stack.recipe import PACKAGES

__all__ = ["PACKAGES", "Progress", "provide"]
