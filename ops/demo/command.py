"""`jiceng demo`: a year of office life in the running instance."""

from ops.cli.reach import Data, instance_at, settings_at


def demo(*, data: Data = None) -> None:
    """载入演示年度。Load a year of office life, once; a later run changes nothing."""
    settings = settings_at(data)
    from ops.demo.run import run  # noqa: PLC0415  slow to import

    run(settings, instance_at(data).folder)
