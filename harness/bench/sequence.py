"""Commands one after the other, as a value: what is run, what it is fed, what it leaves behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Template


@dataclass(frozen=True, slots=True)
class Command:
    """One program call; `${NAME}` in its words and its input stands for what another one said.

    What it says goes by the name `saves`. One that `awaits` is called again, a second later, until
    it succeeds and, if it saves, has said something.
    """

    argv: tuple[str, ...]
    stdin: str = ""
    saves: str = ""
    awaits: bool = False

    def filled(self, said: Mapping[str, str]) -> "Command":
        """Return it with what other commands said in place; raises KeyError if they did not."""
        argv = tuple(Template(word).substitute(said) for word in self.argv)
        return Command(argv, Template(self.stdin).substitute(said), self.saves, self.awaits)


@dataclass(frozen=True, slots=True)
class Phase:
    """A chapter of the document."""

    name: str
    commands: tuple[Command, ...]
