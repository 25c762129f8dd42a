"""Observations as a report keeps them: every distinct one once, and the order they came in."""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Self

from pydantic import Field

from harness.observation import Observation
from harness.settings import Frozen


class Evidence(Frozen):
    """Loses nothing: `order` holds, for each observation as it came, its place in `distinct`.

    A cell of a traffic matrix is some twenty calls with two or three different answers.
    """

    distinct: tuple[Annotated[Observation, Field(discriminator="kind")], ...] = ()
    order: tuple[int, ...] = ()

    @classmethod
    def of(cls, observations: Iterable[Observation]) -> Self:
        """Pack observations."""
        places: dict[Observation, int] = {}
        order = [places.setdefault(each, len(places)) for each in observations]
        return cls(distinct=tuple(places), order=tuple(order))

    @property
    def observations(self) -> tuple[Observation, ...]:
        """The observations as they were packed, in their order."""
        return tuple(self.distinct[place] for place in self.order)

    @property
    def counted(self) -> tuple[tuple[Observation, int], ...]:
        """Each distinct observation and how often it was made."""
        times = Counter(self.order)
        return tuple((each, times[place]) for place, each in enumerate(self.distinct))
