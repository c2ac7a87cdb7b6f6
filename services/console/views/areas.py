"""The cascading choice of an area: district, street, community, by their names."""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.areas import CODE_LENGTH, LEVEL_LABEL, AreaLevel, is_area, lineage, within
from services.console.clients.membership import Area

LEVELS = (AreaLevel.DISTRICT, AreaLevel.STREET, AreaLevel.COMMUNITY)


@dataclass(frozen=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True)
class Choice:
    """One drop-down list. `whole` is its first entry, for the area above as a whole."""

    level: str
    label: str
    options: tuple[Option, ...]
    chosen: str
    whole: str | None


@dataclass(frozen=True)
class Picker:
    choices: tuple[Choice, ...]
    path: str
    """The chosen area with all that contain it, by name: `涧西区 重庆路街道`."""
    name: str


def deepest(codes: Sequence[str | None]) -> str | None:
    """The narrowest of the chosen areas, widest first, leaving out what no longer lies inside.

    Choosing another street leaves the old community selected in its list: it is dropped here.
    """
    chosen: str | None = None
    for code in codes:
        if code and is_area(code) and (chosen is None or within(code, chosen)):
            chosen = code
    return chosen


def picker(area: str, granted: Sequence[str], listed: dict[AreaLevel, Sequence[Area]]) -> Picker:
    """`listed` holds the areas of each level that may be offered, chosen ones included."""
    names = {a.code: a.name for areas in listed.values() for a in areas}
    named = [names[code] for code in lineage(area) if code in names]
    choices = []
    for level in LEVELS:
        options = tuple(
            Option(a.code, a.name) for a in listed.get(level, ()) if reachable(a.code, granted)
        )
        chosen = area[: CODE_LENGTH[level]] if len(area) >= CODE_LENGTH[level] else ""
        above = _above(level, area)
        whole = f"全部{LEVEL_LABEL[level]}" if above and _covered(above, granted) else None
        choices.append(Choice(level.value, LEVEL_LABEL[level], options, chosen, whole))
    return Picker(tuple(choices), " ".join(named) or area, named[-1] if named else area)


def reachable(code: str, granted: Sequence[str]) -> bool:
    """Granted, or on the way to something granted."""
    return any(within(code, area) or within(area, code) for area in granted)


def _covered(code: str, granted: Sequence[str]) -> bool:
    return any(within(code, area) for area in granted)


def _above(level: AreaLevel, area: str) -> str:
    """The chosen area one level up; a district lies in what the token grants above it."""
    if level is AreaLevel.DISTRICT:
        return area[:4]
    upper = LEVELS[LEVELS.index(level) - 1]
    return area[: CODE_LENGTH[upper]]
