"""The commands and how they end: 0 done, 1 failed, 2 called wrongly, 3 not ready."""

import os
import sys
from typing import Any

import typer

from ops.cli.lazy import Lazy, group_of
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

COMMANDS = (
    Lazy("up", "ops.cli.running", "up",
         "在本机启动并守护全部服务。Start everything on this machine and keep it running."),
    Lazy("status", "ops.cli.running", "status",
         "查看运行状态。What runs, and whether it is ready; exit code 3 unless all is."),
    Lazy("down", "ops.cli.running", "down",
         "平稳停止全部服务。Drain and stop the instance on a data folder."),
    Lazy("serve", "ops.cli.running", "serve",
         "运行单个服务。Run one service in this process, by environment alone."),
    Lazy("migrate", "ops.cli.running", "migrate",
         "升级数据库与消息流。Bring databases and streams to this release."),
    Lazy("token", "ops.cli.tokens", "token",
         "签发开发用令牌。Print a token of the development issuer; never in production."),
    Lazy("figures", "ops.cli.figures", "figures",
         "查询区划在一段时间内的指标。Every figure of an area and a period."),
    Lazy("settings", "ops.cli.variables", "settings",
         "列出全部环境变量。Every environment variable, its meaning, default and current value."),
    Lazy("streams", "ops.cli.streams", "app",
         "事件流：核对、补齐。The streams: compare with the event logs, restore."),
    Lazy("parked", "ops.cli.parking", "app",
         "搁置的事件：查看、重试、放弃。Events that were set aside: list, retry, drop."),
    Lazy("projector", "ops.cli.projector", "app",
         "统计读模型。The read model."),
    Lazy("personal", "ops.cli.personal", "app",
         "个人信息的根密钥。The root key of personal data."),
    Lazy("import", "ops.ledger.command", "import_ledger",
         "导入台账（工作簿或 CSV）。Import ledgers; exit code 4 when rows were refused."),
    Lazy("demo", "ops.demo.command", "demo",
         "载入演示年度。Load a year of office life, once; a later run changes nothing."),
)  # fmt: skip

app = typer.Typer(
    name="jiceng",
    cls=group_of(*COMMANDS),
    help="Event-driven platform of a sub-district office. 基层：街道社区事件驱动平台。",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def jiceng() -> None:
    """Nothing of its own: every command is in the list."""


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
    if isinstance(error, _EXPECTED):
        return str(error)
    # By the name of their package: importing all of them would cost every command a second.
    told = f"{error or type(error).__name__}"
    match type(error).__module__.split(".")[0]:
        case "pydantic_core":
            return _wrong_settings(error)
        case "httpx":
            return f"the service cannot be reached: {told} (look at `jiceng status`)"
        case "nats":
            return f"NATS: {told} (look at `jiceng status`)"
        case "asyncpg" | "sqlalchemy":
            return f"PostgreSQL: {told} (look at `jiceng status`)"
    return told if isinstance(error, OSError) else None


def _wrong_settings(error: Any) -> str:
    """Which variables are wrong and why, without repeating their values: they may be secrets."""
    reasons = [
        f"JICENG_{'_'.join(map(str, each['loc'])).upper()}: {each['msg']}"
        for each in error.errors(include_input=False, include_url=False)
    ]
    return "; ".join(reasons)
