"""The commands and how they end: 0 done, 1 failed, 2 called wrongly, 3 not ready."""

import os
import sys

import typer
from pydantic import ValidationError

from ops.cli import figures, parking, personal, projector, running, streams, tokens, variables
from ops.cli.lazy import LazyGroup
from ops.cli.output import FAILED, CommandError, fail
from ops.embedded.instance import InstanceError
from ops.embedded.process import ProgramFailedError
from services.chassis.errors import Refusal

_EXPECTED = (
    CommandError,
    InstanceError,
    ProgramFailedError,
    Refusal,
)

app = typer.Typer(
    name="jiceng",
    cls=LazyGroup,
    help="Event-driven platform of a sub-district office. 基层：街道社区事件驱动平台。",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    running.up,
    running.status,
    running.down,
    running.serve,
    running.migrate,
    tokens.token,
    figures.figures,
    variables.settings,
):
    app.command()(command)
app.add_typer(streams.app, name="streams")
app.add_typer(parking.app, name="parked")
app.add_typer(projector.app, name="projector")
app.add_typer(personal.app, name="personal")


def main() -> None:
    """Entry point of the `jiceng` script. An expected failure is one line, not a traceback."""
    try:
        app()
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        explained = _explain(error)
        if explained is None:
            raise
        fail(explained)
    else:
        return
    sys.exit(FAILED)


def _explain(error: Exception) -> str | None:
    """One line for what may well happen, None for a defect of ours."""
    if isinstance(error, ValidationError):
        return _wrong_settings(error)
    if isinstance(error, _EXPECTED):
        return str(error)
    # By the name of their package: importing all of them would cost every command a second.
    told = f"{error or type(error).__name__}"
    match type(error).__module__.split(".")[0]:
        case "httpx":
            return f"the service cannot be reached: {told} (look at `jiceng status`)"
        case "nats":
            return f"NATS: {told} (look at `jiceng status`)"
        case "asyncpg" | "sqlalchemy":
            return f"PostgreSQL: {told} (look at `jiceng status`)"
    return told if isinstance(error, OSError) else None


def _wrong_settings(error: ValidationError) -> str:
    """Which variables are wrong and why, without repeating their values: they may be secrets."""
    reasons = [
        f"JICENG_{'_'.join(map(str, each['loc'])).upper()}: {each['msg']}"
        for each in error.errors(include_input=False, include_url=False)
    ]
    return "; ".join(reasons)
