"""The demo from the command line: load it, then say where to look."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from ops.cli.output import ERRORS, OUTPUT, CommandError, say
from ops.demo.data import DISTRICT, FIRST, LAST
from ops.demo.load import Demo, DemoNotLoadedError, load_demo
from ops.embedded.issuer import DevelopmentIssuer
from ops.ledger.run import progress_bar, token_source
from ops.ledger.services import RequestRefusedError, ServiceAwayError, Services
from services.chassis.clock import system_clock
from services.chassis.settings import Settings

_VISITOR_LIFETIME = timedelta(hours=12)


def run(settings: Settings, folder: Path) -> None:
    """Raises `CommandError` when the demo is not wholly in."""
    source = token_source(folder, areas=[DISTRICT])
    try:
        loaded = asyncio.run(_load(settings, folder, lambda: source(settings)))
    except (DemoNotLoadedError, ServiceAwayError, RequestRefusedError) as error:
        raise CommandError(str(error)) from error
    _show(loaded, settings, folder)


async def _load(settings: Settings, folder: Path, token: Callable[[], str]) -> Demo:
    with progress_bar() as progress:
        async with Services(settings, token) as services:
            return await load_demo(services, folder, say, now=system_clock(), progress=progress)


def _show(loaded: Demo, settings: Settings, folder: Path) -> None:
    period = {"area": DISTRICT, "from": FIRST.isoformat(), "to": LAST.isoformat()}
    home = f"/?{urlencode(period)}"
    token = DevelopmentIssuer(folder / "issuer", settings).token(
        roles=["admin"],
        areas=[DISTRICT],
        subject="demo",
        lifetime=_VISITOR_LIFETIME,
        now=datetime.now(UTC),
    )
    console = settings.service_url("console")
    links = {
        "登录 log in": f"{console}/login?{urlencode({'token': token, 'next': home})}",
        "首页 overview": f"{console}{home}",
        "工作总结 summary": f"{console}/summary?{urlencode(period)}",
        "台账 workbook": str(loaded.workbook),
    }
    for name, address in links.items():
        ERRORS.print(f"[bold]{name}[/bold]  ", end="")
        ERRORS.print(address, markup=False, highlight=False)
    if loaded.placed:
        say(f"今明两天新添 {loaded.placed} 个预约")
    OUTPUT.print(
        f"2019 年：{loaded.batches} 批次、{loaded.persons} 人次，在册党员 {loaded.members} 名"
    )
    OUTPUT.print(loaded.sentence, markup=False)
