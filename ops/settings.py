"""Settings of one instance among several on a machine."""

from collections.abc import Mapping

from services.chassis.settings import Settings

_PREFIX = "JICENG_"


def settings_from(environment: Mapping[str, str]) -> Settings:
    """The process's own settings with `environment` on top."""
    given = {name.removeprefix(_PREFIX).lower(): value for name, value in environment.items()}
    known = {name: value for name, value in given.items() if name in Settings.model_fields}
    return Settings.model_validate(Settings().model_dump() | known)
