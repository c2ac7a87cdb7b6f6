"""Figures of equipment."""

from contracts.bases.places import EquipmentChanged, EquipmentRegistered, EquipmentRetired
from contracts.kinds.places import EquipmentKind
from services.projector.declare import (
    Clause,
    Dimension,
    Figure,
    Naming,
    Section,
    Stock,
    adds,
    moves,
    removes,
)
from services.projector.figures.bases import BASE

EQUIPMENT_KIND = Dimension.of_family(
    "equipment_kind", "设备类别", "equipment", EquipmentKind, read="kind"
)

FIGURES: tuple[Figure, ...] = (
    Stock(
        "bases.equipment",
        "设备",
        "件",
        "期末各基地在用设备的件数",
        clauses=(Clause(Section.BASES, 5, "配备设备{n}，其中{each}", split=EQUIPMENT_KIND.key),),
        reads=(
            *adds(EquipmentRegistered, "quantity"),
            *moves(EquipmentChanged, "quantity"),
            *removes(EquipmentRetired, "quantity"),
        ),
        dimensions=(EQUIPMENT_KIND, BASE),
    ),
)
NAMES: tuple[Naming, ...] = ()
