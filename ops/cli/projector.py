"""`projector`: the read model, which can be made anew at any time."""

import asyncio
import time
from dataclasses import asdict
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from ops.cli.output import ERRORS, put_json, say
from ops.cli.reach import Data, settings_at

app = typer.Typer(no_args_is_help=True)


@app.callback()
def group() -> None:
    """A group, though of one command."""


@app.command()
def rebuild(
    *,
    keep: Annotated[bool, typer.Option("--keep", help="保留旧模型。Keep the old one.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。JSON on stdout.")] = False,
    data: Data = None,
) -> None:
    """从事件流重建统计，查询不受影响。Build the read model beside the live one, and swap."""
    from services.projector.rebuild import rebuild as rebuild_model  # noqa: PLC0415  slow to import

    settings = settings_at(data)
    started = time.monotonic()
    shown = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=ERRORS
    )
    with shown:
        bars = {}

        def progress(stream: str, read: int, of: int) -> None:
            if stream not in bars:
                bars[stream] = shown.add_task(stream, total=of)
            shown.update(bars[stream], completed=read, total=of)

        done = asyncio.run(rebuild_model(settings, progress=progress, keep=keep))
    if as_json:
        put_json(asdict(done))
    say(
        f"generation {done.generation} replaced {done.replaced}: "
        f"{done.facts} facts in {time.monotonic() - started:.1f} s"
    )
