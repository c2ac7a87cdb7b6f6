"""The services there are. Whatever starts, migrates, deploys or watches them reads this list.

It says what must be known of a service without loading it, which takes seconds.
"""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import services
from contracts.publishers import PUBLISHERS


@dataclass(frozen=True)
class ServiceEntry:
    name: str
    label: str
    """Chinese, for people."""

    database: bool = True
    hears: tuple[str, ...] = ()
    """The services upstream of its inlets."""

    @property
    def module(self) -> str:
        """Where `SERVICE` and `create` are."""
        return f"services.{self.name}.app"

    @property
    def migrations(self) -> Path:
        return Path(services.__path__[0]) / self.name / "migrations"

    @property
    def publishes(self) -> bool:
        """It has an event log and a stream of its own."""
        return self.name in PUBLISHERS

    def load(self) -> Any:
        """Its app module. Imported when asked: no command pays for services it does not touch."""
        return import_module(self.module)


SERVICES: tuple[ServiceEntry, ...] = (
    ServiceEntry("membership", "党组织", hears=("bases",)),
    ServiceEntry("bases", "活动基地", hears=("membership", "cobuilding")),
    ServiceEntry("cobuilding", "区域化共建", hears=("membership",)),
    ServiceEntry("projector", "统计与总结"),
    ServiceEntry("console", "工作台", database=False),
)
"""In the order they start: the console last, when there is something to show."""

BY_NAME: dict[str, ServiceEntry] = {entry.name: entry for entry in SERVICES}

PUBLISHING: tuple[str, ...] = tuple(entry.name for entry in SERVICES if entry.publishes)
"""Those whose event log fills a stream. A publisher that is not in this release yet has its stream
and nothing to fill it with."""
