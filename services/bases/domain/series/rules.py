"""How long a series may be."""

from typing import ClassVar

from pydantic import Field

from contracts.kinds.alerts import Severity
from services.chassis.rules import EVER, Rule, Stated


class SeriesMost(Rule):
    """One request makes at most so many bookings."""

    code: ClassVar[str] = "series.most"
    label: ClassVar[str] = "系列预约次数上限"

    occurrences: int = Field(title="一个系列至多次数", ge=2, le=366)


RULES: tuple[type[Rule], ...] = (SeriesMost,)

FIRST = (
    Stated(
        SeriesMost(occurrences=60),
        "1",
        EVER,
        Severity.BLOCK,
        "示范数值，由区县按场馆管理办法发布",
    ),
)
"""As the project seeds them."""
