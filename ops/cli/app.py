"""The commands and how they end: 0 done, 1 failed, 2 called wrongly, 3 not ready."""

import os
import sys

import asyncpg
import httpx
import typer
from nats.errors import Error as NatsError
from pydantic import ValidationError

from ops.cli import figures, running, tokens, variables
from ops.cli.output import FAILED, CommandError, fail
from ops.embedded.instance import InstanceError
from ops.embedded.issuer import TokenRefusedError
from ops.embedded.process import ProgramFailedError
from ops.figures import FiguresRefusedError
from services.chassis.errors import Refusal

_EXPECTED = (
    CommandError,
    InstanceError,
    ProgramFailedError,
    TokenRefusedError,
    FiguresRefusedError,
    Refusal,
)

app = typer.Typer(
    name="jiceng",
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


def main() -> None:
    """Entry point of the `jiceng` script. An expected failure is one line, not a traceback."""
    try:
        app()
    except _EXPECTED as error:
        fail(str(error))
    except ValidationError as error:
        fail(_wrong_settings(error))
    except httpx.HTTPError as error:
        fail(f"the service cannot be reached: {error} (look at `jiceng status`)")
    except NatsError as error:
        fail(f"NATS: {error or type(error).__name__} (look at `jiceng status`)")
    except asyncpg.PostgresError as error:
        fail(f"PostgreSQL: {error} (look at `jiceng status`)")
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        fail(str(error))
    else:
        return
    sys.exit(FAILED)


def _wrong_settings(error: ValidationError) -> str:
    """Which variables are wrong and why, without repeating their values: they may be secrets."""
    reasons = [
        f"JICENG_{'_'.join(map(str, each['loc'])).upper()}: {each['msg']}"
        for each in error.errors(include_input=False, include_url=False)
    ]
    return "; ".join(reasons)
