"""The rules of activities: planned, held once, corrected by taking back. Pure."""

from typing import ClassVar

from pydantic import Field

from services.chassis.rules import Rule


class TrainingHours(Rule):
    code: ClassVar[str] = "training.hours"
    label: ClassVar[str] = "党员每年集中学习培训时间"

    least: int = Field(title="每年不少于（学时）", ge=0)
