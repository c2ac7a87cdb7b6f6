"""`jiceng demo`: a year of office life in the running instance."""

from ops.cli.reach import Data, instance_at, settings_at


def demo(*, data: Data = None) -> None:
    settings = settings_at(data)
    from ops.demo.run import run  # noqa: PLC0415  slow to import

    run(settings, instance_at(data).folder)
