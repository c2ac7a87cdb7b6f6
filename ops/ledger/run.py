"""One import from the command line: what runs, whose token, how far it is."""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from ops.cli.output import ERRORS, CommandError
from ops.cli.reach import instance_at, settings_at
from ops.embedded.issuer import DevelopmentIssuer
from ops.ledger.books import UnreadableFileError
from ops.ledger.importer import Options, Result, import_file
from ops.ledger.sending import Progress
from ops.ledger.services import KEEPERS, RequestRefusedError, Services
from ops.ledger.template import write_template
from services.chassis.clock import business_date, system_clock
from services.chassis.settings import Settings

__all__ = ["Options", "progress_bar", "run", "token_source", "write_template"]

SUBJECT = "jiceng-import"
"""Always the same caller: idempotency keys belong to the caller who used them."""

_TOKEN_LIFETIME = timedelta(minutes=30)
_PROVINCES = (
    *("11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37"),
    *("41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64"),
    *("65", "71", "81", "82"),
)
"""First two digits of the national division codes (GB/T 2260)."""


def run(
    file: Path, options: Options, data: Path | None, token: Callable[[Settings], str]
) -> Result:
    """Import into what runs on `data` or what the environment names. Raises `CommandError`."""
    try:
        return asyncio.run(_run(file, options, data, token))
    except (UnreadableFileError, RequestRefusedError) as error:
        raise CommandError(str(error)) from error


async def _run(
    file: Path, options: Options, data: Path | None, token: Callable[[Settings], str]
) -> Result:
    today = business_date(system_clock())
    settings = _settings(data, dry_run=options.dry_run)
    with progress_bar() as progress:
        if settings is None:
            return await import_file(file, None, options, today=today, progress=progress)
        async with Services(settings, lambda: token(settings)) as services:
            return await import_file(file, services, options, today=today, progress=progress)


def _settings(data: Path | None, *, dry_run: bool) -> Settings | None:
    """By addresses alone where they are given; None for a dry run of the file alone."""
    try:
        return settings_at(data)
    except CommandError:
        if {f"JICENG_{name.upper()}_URL" for name in KEEPERS} <= os.environ.keys():
            return Settings()
        if dry_run:
            return None
        raise


def token_source(
    data: Path | None, given: str | None = None, areas: list[str] | None = None
) -> Callable[[Settings], str]:
    """What gives a fresh token whenever one is needed; a token that was given stays what it is."""

    def source(settings: Settings) -> str:
        if given:
            return given
        return DevelopmentIssuer(instance_at(data).issuer, settings).token(
            roles=["admin"],
            areas=areas or list(_PROVINCES),
            subject=SUBJECT,
            lifetime=_TOKEN_LIFETIME,
            now=datetime.now(UTC),
        )

    return source


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar on stderr, gone when the work is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, TimeElapsedColumn(), console=ERRORS, transient=True) as bar:
        task = bar.add_task("读取", total=None)

        def heard(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total)

        yield heard
