"""What people read goes to stderr, what programs read goes to stdout."""

import json
import os
import sys
from datetime import datetime

import typer
from rich.console import Console

_PIPED_WIDTH = 160
"""Columns of a table that no terminal limits."""

ERRORS = Console(stderr=True, soft_wrap=True, highlight=False)
OUTPUT = Console(
    soft_wrap=True,
    highlight=False,
    width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else _PIPED_WIDTH,
)

FAILED = 1
NOT_READY = 3


class CommandError(Exception):
    """The command cannot do what was asked; the message is one line and says what to do."""


def say(text: str) -> None:
    """One line of progress with the time of day."""
    now = datetime.now().astimezone()
    ERRORS.print(f"[dim]{now:%H:%M:%S}[/dim] ", end="")
    ERRORS.print(text, markup=False)


def put_json(document: object) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def fail(message: str) -> None:
    ERRORS.print("[red]error:[/red] ", end="")
    ERRORS.print(message, markup=False)
