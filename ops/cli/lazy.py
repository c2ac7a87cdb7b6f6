"""Commands whose packages are loaded when they are called: the others need not wait for them."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

LAZY: dict[str, tuple[str, str]] = {
    "import": ("ops.ledger.command", "import_ledger"),
    "demo": ("ops.demo.command", "demo"),
}
"""Name of the command: its module and function."""


class LazyGroup(TyperGroup):
    """A group that also has the commands of `LAZY`."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*super().list_commands(ctx), *LAZY]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in LAZY:
            return super().get_command(ctx, cmd_name)
        module, name = LAZY[cmd_name]
        function: Callable[..., None] = getattr(import_module(module), name)
        alone = typer.Typer(add_completion=False)
        alone.command(cmd_name)(function)
        return typer.main.get_command(alone)
