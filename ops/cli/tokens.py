"""`token`: a bearer token of the development issuer."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from contracts.access import ROLE_LABEL
from contracts.areas import is_area
from ops.cli.reach import Data, instance_at
from ops.settings import settings_from
from services.chassis.settings import Settings

_LONGEST_HOURS = 24 * 366
_ROLES = ", ".join(f"{role} {label}" for role, label in ROLE_LABEL.items())


def token(
    *,
    role: Annotated[list[str], typer.Option(help=f"Repeatable: {_ROLES}. 角色，可重复。")],
    area: Annotated[list[str], typer.Option(help="Area code, repeatable. 区划代码，可重复。")],
    sub: Annotated[str, typer.Option(help="Who it is for. 持有人。")] = "developer",
    hours: Annotated[
        float, typer.Option(min=0.01, max=_LONGEST_HOURS, help="Valid so long. 有效小时数。")
    ] = 12,
    data: Data = None,
) -> None:
    for each in role:
        if each not in ROLE_LABEL:
            raise typer.BadParameter(f"no role {each!r}; there are {', '.join(ROLE_LABEL)}")
    for each in area:
        if not is_area(each):
            raise typer.BadParameter(
                f"{each!r} is no area code: it has 2, 4, 6, 9, 12 or 15 digits, as 410305"
            )
    from ops.embedded.issuer import DevelopmentIssuer  # noqa: PLC0415  slow to import

    instance = instance_at(data)
    state = instance.running()
    settings = settings_from(state.environment) if state else Settings()
    made = DevelopmentIssuer(instance.issuer, settings).token(
        roles=role, areas=area, subject=sub, lifetime=timedelta(hours=hours), now=datetime.now(UTC)
    )
    typer.echo(made)
