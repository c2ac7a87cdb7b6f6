"""Addresses of the console's own pages, so that templates never put a query together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from contracts.areas import CODE_LENGTH, AreaLevel
from services.console.period import Period, Preset


@dataclass(frozen=True)
class Here:
    """The area and period a page speaks about; every link keeps them."""

    area: str
    period: Period

    @property
    def has_children(self) -> bool:
        """There are areas below it that visits can be told apart by."""
        return len(self.area) < CODE_LENGTH[AreaLevel.COMMUNITY]

    def overview(self, *, area: str | None = None) -> str:
        return "/?" + urlencode(self._asked(area))

    def preset(self, path: str, preset: Preset) -> str:
        return f"{path}?" + urlencode({"area": self.area, "period": preset.value})

    def summary(self) -> str:
        return "/summary?" + urlencode(self._asked())

    def summary_file(self, form: str) -> str:
        return f"/summary/download.{form}?" + urlencode(self.dated)

    def bookings(self) -> str:
        return "/bookings?" + urlencode({"area": self.area})

    def figure(
        self,
        key: str,
        *,
        as_of: datetime | None = None,
        where: Mapping[str, str] | None = None,
        area: str | None = None,
        period: Period | None = None,
        cursor: str | None = None,
    ) -> str:
        """The events behind a figure, as they were when the number was read."""
        asked = dict(Here(area or self.area, period or self.period).dated)
        if as_of is not None:
            asked["as_of"] = as_of.isoformat()
        asked |= where or {}
        if cursor is not None:
            asked["cursor"] = cursor
        return f"/figures/{key}?" + urlencode(asked)

    @property
    def dated(self) -> dict[str, str]:
        return {"area": self.area, **self.period.query}

    def _asked(self, area: str | None = None) -> dict[str, str]:
        """A preset stays one: a bookmarked "this year" means the year it is opened in."""
        if self.period.preset is Preset.CHOSEN:
            return {**self.dated, "area": area or self.area}
        return {"area": area or self.area, "period": self.period.preset.value}
