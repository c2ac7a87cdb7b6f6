"""`personal`: the root key of personal data, renewed."""

import asyncio

import typer

from ops.cli.output import say
from ops.cli.reach import Data, instance_at, settings_at
from ops.embedded.root_key import personal_keys
from services.chassis.settings import Settings

app = typer.Typer(no_args_is_help=True)


@app.command()
def rewrap(*, data: Data = None) -> None:
    """用最新的根密钥重新封装。Wrap every person's key under the newest root; services go on."""
    from ops import personal  # noqa: PLC0415  slow to import

    done = asyncio.run(
        personal.rewrap(_settings(data), lambda name, n: say(f"{name}: {n} persons"))
    )
    for name, count in done.items():
        say(f"{name}: {count} keys rewrapped" if count else f"{name}: nothing was left to rewrap")


@app.command()
def reindex(*, data: Data = None) -> None:
    """重建检索摘要，以便停用旧根密钥。Make the search index anew; stop the services before."""
    from ops import personal  # noqa: PLC0415  slow to import

    for name, count in asyncio.run(personal.reindex(_settings(data))).items():
        say(f"{name}: {count} persons indexed under the newest root alone")


def _settings(data: Data) -> Settings:
    """With the keys of the data folder, where the instance has its own."""
    settings = settings_at(data)
    file = instance_at(data).personal_keys
    if not file.exists():
        return settings
    keys = personal_keys(file, settings)
    return Settings.model_validate(settings.model_dump() | {"personal_keys": keys})
