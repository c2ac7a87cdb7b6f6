"""Chinese labels for the groups of a figure, and their order."""

from collections.abc import Iterable
from typing import NamedTuple

from contracts.areas import LEVEL_LABEL, level_of
from services.projector.declare import Dimension, Family
from services.projector.queries import AREA, MONTH, By, Value, Values, View
from services.projector.sql import Scope

UNSTATED = "未注明"


class Group(NamedTuple):
    key: str
    label: str
    value: Value


async def groups_of(view: View, by: By, scope: Scope, values: Values, empty: Value) -> list[Group]:
    """The groups with labels: months and areas complete and in order, the rest as they occur."""
    if by == AREA:
        values = {**dict.fromkeys(await view.children(scope), empty), **values}
    keys = sorted(values)
    labels = await labels_of(view, by, keys, scope.area)
    groups = [Group(key, labels[key], values[key]) for key in keys]
    if isinstance(by, Dimension) and by.labels:
        order = {code: place for place, code in enumerate(by.labels)}
        groups.sort(key=lambda group: order.get(group.key, len(order)))
    elif isinstance(by, Dimension):
        groups.sort(key=lambda group: (-(group.value or 0), group.label))
    return groups


async def labels_of(view: View, by: By, keys: Iterable[str], area: str) -> dict[str, str]:
    if by == MONTH:
        return {key: f"{int(key[:4])}年{int(key[5:])}月" for key in keys}
    if by == AREA:
        names = await view.names(Family.AREA, keys)
        return {key: _area(key, names, area) for key in keys}
    if not isinstance(by, Dimension):
        return dict.fromkeys(keys, "")
    keys = list(keys)
    known = dict(by.labels) if by.family is None else await view.names(by.family, keys)
    if by.kinds:
        told = await view.names(Family.KIND, [f"{by.kinds}/{key}" for key in keys])
        known |= {name.partition("/")[2]: label for name, label in told.items()}
    return {key: known.get(key) or key or UNSTATED for key in keys}


def _area(code: str, names: dict[str, str], around: str) -> str:
    if code == around:
        return f"{LEVEL_LABEL[level_of(code)]}本级"
    return names.get(code, code)
