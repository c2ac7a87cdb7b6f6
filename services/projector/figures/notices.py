"""Figures of notices."""

from contracts.bases.notices import NoticeDelivered, NoticeIssued
from contracts.kinds.notices import DeliveryChannel, NoticeKind
from services.projector.declare import Dimension, Flow, Naming, Ratio, adds
from services.projector.figures.bases import BASE, ORGANISATION

KIND = Dimension.of_kinds("notice_kind", "通知类别", NoticeKind, read="kind")
CHANNEL = Dimension.of_kinds("delivery_channel", "送达方式", DeliveryChannel, read="channel")

FIGURES = (
    Flow(
        "bases.notices",
        "通知",
        "条",
        "本期生成的通知数",
        reads=adds(NoticeIssued),
        dimensions=(KIND, BASE, ORGANISATION),
    ),
    Flow(
        "bases.notices_delivered",
        "送达的通知",
        "条",
        "本期登记送达的通知数",
        reads=adds(NoticeDelivered),
        dimensions=(KIND, CHANNEL, BASE, ORGANISATION),
    ),
    Ratio(
        "bases.notices_delivered_rate",
        "通知送达率",
        "%",
        "送达的通知占生成的通知的百分比",
        over=("bases.notices_delivered",),
        under=("bases.notices",),
        scale=100,
    ),
)

NAMES: tuple[Naming, ...] = ()
