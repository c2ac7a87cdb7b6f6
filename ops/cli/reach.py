"""How a command finds what it works on: a data folder's running instance, or the environment."""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from ops.cli.output import CommandError
from ops.embedded.instance import Instance
from ops.settings import settings_from
from services.chassis.settings import Settings

DEFAULT_DATA = Path(".jiceng")
_OWN_TOKEN_LIFETIME = timedelta(minutes=10)

Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        envvar="JICENG_DATA",
        help="Data folder of the instance. 数据目录。 [default: .jiceng]",
        show_default=False,
    ),
]


def instance_at(data: Path | None) -> Instance:
    return Instance(data or DEFAULT_DATA)


def settings_at(data: Path | None) -> Settings:
    """Settings that reach the instance on `data`; else those of the environment.

    A folder that was named must have something running on it. Without one, `.jiceng` is used when
    something runs there and the environment does not say where the database is.
    """
    _keep_stdout_for_answers()
    state = instance_at(data).running()
    if state is not None and (data is not None or not by_environment()):
        if not state.environment:
            raise CommandError("the instance is still starting; try again in a moment")
        return settings_from(state.environment)
    if by_environment():
        return Settings()
    raise CommandError(
        f"nothing is running on {instance_at(data).folder}: start it with `jiceng up`, "
        "name its folder with --data, or set JICENG_DATABASE_URL and JICENG_NATS_URL"
    )


def by_environment() -> bool:
    """The environment says where the database is, as it does in containers."""
    return "JICENG_DATABASE_URL" in os.environ


def own_token(data: Path | None, settings: Settings, *, role: str, area: str) -> str:
    """`JICENG_TOKEN`, or one of the development issuer for this command alone."""
    given = os.environ.get("JICENG_TOKEN")
    if given:
        return given
    from ops.embedded.issuer import DevelopmentIssuer  # noqa: PLC0415  slow to import

    return DevelopmentIssuer(instance_at(data).issuer, settings).token(
        roles=[role],
        areas=[area],
        subject="jiceng-cli",
        lifetime=_OWN_TOKEN_LIFETIME,
        now=datetime.now(UTC),
    )


def _keep_stdout_for_answers() -> None:
    """What the services' code would log goes to stderr, and only when it is an error."""
    import structlog  # noqa: PLC0415  slow to import

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger("error"),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
