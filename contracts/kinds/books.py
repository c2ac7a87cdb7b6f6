"""Codes of the organisations' books."""

from contracts.kinds.labelled import Labelled


class Bound(Labelled):
    """What a stated quantity means. Only exact ones are ever counted together."""

    EXACT = "exact", "实数"
    AT_LEAST = "at-least", "余数（下限）"
    TARGET = "target", "目标"
