"""`settings`: every variable a process reads, what it means, and what it is now."""

import os
import re
from typing import Annotated, Any

import typer
from pydantic import SecretStr
from pydantic.fields import FieldInfo
from rich.table import Table

from ops.cli.output import OUTPUT, put_json
from services.chassis.settings import Settings

_PREFIX = "JICENG_"
_SECRETS = (
    (re.compile(r"(?<=//)([^/@:]+):[^/@]*@"), r"\1:***@"),
    (re.compile(r"(?<=nats://)[^/@:,]+@"), "***@"),  # a lone name is a NATS token
    (re.compile(r"(?<=password=)[^&]*"), "***"),
)
_COMMAND_LINE = {
    "JICENG_DATA": "Data folder of the embedded runtime; the commands' --data.",
    "JICENG_TOKEN": "Bearer token the commands use instead of one of the development issuer.",
}
"""Read by this command, not by the services."""


def masked(value: str) -> str:
    """Addresses without their passwords and tokens."""
    for secret, shown in _SECRETS:
        value = secret.sub(shown, value)
    return value


def described() -> list[dict[str, Any]]:
    """One entry a variable."""
    rows = [_row(name, info) for name, info in Settings.model_fields.items()]
    for name, meaning in _COMMAND_LINE.items():
        current = os.environ.get(name)
        shown = "***" if current and name == "JICENG_TOKEN" else current
        rows.append({"variable": name, "meaning": meaning, "default": None, "current": shown})
    return rows


def _row(name: str, info: FieldInfo) -> dict[str, Any]:
    variable = _PREFIX + name.upper()
    current = os.environ.get(variable)
    return {
        "variable": variable,
        "meaning": info.description or "",
        "default": None if info.default is None else str(info.default),
        "current": None if current is None else _shown(info, current),
    }


def _shown(info: FieldInfo, value: str) -> str:
    return "***" if info.annotation is SecretStr else masked(value)


def settings(
    *, as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout. 输出 JSON。")] = False
) -> None:
    rows = described()
    if as_json:
        put_json(rows)
        return
    table = Table()
    for heading in ("variable", "meaning", "default", "current"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(
            *(str(row[key] or "") for key in ("variable", "meaning", "default")),
            str(row["current"] or ""),
        )
    OUTPUT.print(table, soft_wrap=False)
