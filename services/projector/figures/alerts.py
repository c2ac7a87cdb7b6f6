"""Figures of alerts."""

from contracts.kinds.alerts import AlertKind, Severity
from contracts.membership.alerts import AlertCleared, AlertRaised
from services.projector.declare import Dimension, Figure, Naming, Stock, adds, removes

FIGURES: tuple[Figure, ...] = (
    Stock(
        "membership.alerts",
        "未解除的预警",
        "条",
        "期末尚未解除的预警数",
        reads=(*adds(AlertRaised), *removes(AlertCleared)),
        dimensions=(
            Dimension.of_kinds("alert_kind", "预警类别", AlertKind, read="kind"),
            Dimension.of_kinds("severity", "程度", Severity),
        ),
    ),
)
NAMES: tuple[Naming, ...] = ()
