"""Administrative divisions (区划) by national code: a child's code starts with its parent's."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field


class AreaLevel(StrEnum):
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"


CODE_LENGTH: dict[AreaLevel, int] = {
    AreaLevel.PROVINCE: 2,
    AreaLevel.CITY: 4,
    AreaLevel.DISTRICT: 6,
    AreaLevel.STREET: 9,
    AreaLevel.COMMUNITY: 12,
    AreaLevel.GRID: 15,
}
"""Digits of a code at each level. Source: national statistical division codes; grids are ours."""

LEVEL_LABEL: dict[AreaLevel, str] = {
    AreaLevel.PROVINCE: "省",
    AreaLevel.CITY: "市",
    AreaLevel.DISTRICT: "区",
    AreaLevel.STREET: "街道",
    AreaLevel.COMMUNITY: "社区",
    AreaLevel.GRID: "网格",
}

_LENGTHS = tuple(CODE_LENGTH.values())
_LEVEL_OF = {length: level for level, length in CODE_LENGTH.items()}

AREA_PATTERN = r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{15})$"

AreaCode = Annotated[
    str,
    Field(
        pattern=AREA_PATTERN,
        title="区划代码",
        description="2 digits: province; 4: city; 6: district; 9: street; 12: community; 15: grid.",
        examples=["410305", "410305006001"],
    ),
]


def is_area(code: str) -> bool:
    return len(code) in _LEVEL_OF and code.isascii() and code.isdigit()


def level_of(code: str) -> AreaLevel:
    """Raises `ValueError` for a code of no level."""
    if not is_area(code):
        raise ValueError(f"{code!r} is no area code")
    return _LEVEL_OF[len(code)]


def parent_of(code: str) -> str | None:
    """`410305006001` lies in `410305006`; a province lies in nothing."""
    at = _LENGTHS.index(len(code))
    return code[: _LENGTHS[at - 1]] if at else None


def lineage(code: str) -> tuple[str, ...]:
    """The area itself and all that contain it, widest first."""
    return tuple(code[:length] for length in _LENGTHS if length <= len(code))


def within(code: str, container: str) -> bool:
    """True when `code` is `container` or lies in it; `41030` is no area and contains nothing."""
    return is_area(code) and is_area(container) and code.startswith(container)


def parts(code: str) -> tuple[str, ...]:
    """The six subject tokens of an area, `-` where it has none: `41.03.05.006.-.-`."""
    level_of(code)
    starts = (0, *_LENGTHS[:-1])
    return tuple(code[a:b] or "-" for a, b in zip(starts, _LENGTHS, strict=True))
