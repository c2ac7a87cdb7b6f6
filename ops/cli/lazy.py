"""Commands told of in one list, each loaded when it is called: none waits for the others."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


@dataclass(frozen=True)
class Lazy:
    """A command: its name and help, and the module that has it as a function or a `typer.Typer`."""

    name: str
    module: str
    attribute: str
    help: str

    def told(self) -> TyperCommand:
        """What a list of commands says of it."""
        return TyperCommand(self.name, help=self.help)

    def loaded(self) -> Any:
        found = getattr(import_module(self.module), self.attribute)
        alone = typer.Typer()
        if isinstance(found, typer.Typer):
            alone.add_typer(found, name=self.name, help=self.help)
        else:
            alone.command(self.name, help=self.help)(found)
        return typer.main.get_group(alone).commands[self.name]


def group_of(*commands: Lazy) -> type[TyperGroup]:
    """The class of a group of `commands`."""

    class LazyGroup(TyperGroup):
        def __init__(self, **given: Any) -> None:
            super().__init__(**given)
            for command in commands:
                self.add_command(command.told())

        def resolve_command(self, ctx: Any, args: list[str]) -> Any:
            name, told, rest = super().resolve_command(ctx, args)
            return name, next((c.loaded() for c in commands if c.name == name), told), rest

    return LazyGroup
