"""`figures`: what is counted for an area and a period."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.table import Table

from contracts.areas import is_area
from ops.cli.output import OUTPUT, put_json
from ops.cli.reach import Data, own_token, settings_at


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"


def figures(
    *,
    area: Annotated[str, typer.Option(help="Area code, as 410305. 区划代码。")],
    first: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day. 起始日。")
    ],
    last: Annotated[
        datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day. 截止日（含）。")
    ],
    key: Annotated[
        list[str] | None, typer.Option(help="Only this figure, repeatable. 仅列指定指标。")
    ] = None,
    by: Annotated[
        str | None, typer.Option(help="Split by month, area or a dimension. 分组方式。")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="table or json. 输出格式。")] = (
        Format.TABLE
    ),
    data: Data = None,
) -> None:
    if not is_area(area):
        raise typer.BadParameter(f"{area!r} is no area code: 2, 4, 6, 9, 12 or 15 digits")
    if last < first:
        raise typer.BadParameter("--to lies before --from")
    from ops.figures import FiguresClient  # noqa: PLC0415  slow to import

    settings = settings_at(data)
    token = own_token(data, settings, role="viewer", area=area)
    with FiguresClient(settings.service_url("projector"), token) as client:
        wanted = key or [each["key"] for each in client.catalogue() if _splits(each, by)]
        period = (first.date(), last.date())
        found = [
            client.figure(each, area=area, first=period[0], last=period[1], by=by)
            for each in wanted
        ]
    if form is Format.JSON:
        put_json({"area": area, "from": period[0], "to": period[1], "figures": found})
    else:
        OUTPUT.print(_table(found, area, *period))


def _splits(figure: dict[str, Any], by: str | None) -> bool:
    return by in {None, "month", "area"} or any(each["key"] == by for each in figure["dimensions"])


def _table(found: list[dict[str, Any]], area: str, first: date, last: date) -> Table:
    name = next((figure["area_name"] for figure in found if figure.get("area_name")), area)
    table = Table(title=f"{name} {first} — {last}", title_justify="left")
    table.add_column("指标")
    table.add_column("数值", justify="right")
    table.add_column("单位")
    table.add_column("key", style="dim")
    for figure in found:
        value = _shown(figure["value"])
        table.add_row(figure["name"], value, figure["unit"], figure["key"])
        for group in figure.get("groups") or ():
            table.add_row(f"  {group['label']}", _shown(group["value"]), "", "")
    return table


def _shown(value: float | None) -> str:
    if value is None:
        return "—"
    return f"{value:,.2f}".rstrip("0").rstrip(".")
