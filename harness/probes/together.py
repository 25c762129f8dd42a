"""Many looks at once: each is a question to another machine, and most of it is waiting."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

SIDE_BY_SIDE = 8

Question = TypeVar("Question")
Answer = TypeVar("Answer")


def together(look: Callable[[Question], Answer], questions: Iterable[Question]) -> list[Answer]:
    """Put all questions side by side and return the answers in their order."""
    with ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="look") as pool:
        # a look may be cancelled or watched by whoever asked
        asked = [pool.submit(copy_context().run, look, question) for question in questions]
        return [each.result() for each in asked]
