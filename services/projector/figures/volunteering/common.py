"""What the figures of volunteering share."""

from contracts.kinds.volunteering import (
    ServiceKind,
    StarTier,
)
from services.projector.declare import (
    Clause,
    Dimension,
    Family,
    Section,
)

SERVICE_KIND = Dimension.of_family("service_kind", "服务类别", "volunteer_service", ServiceKind)
STAR = Dimension.of_kinds("star", "星级", StarTier)
ORGANISATION = Dimension.of_things(Family.ORGANISATION, "党组织", read="organisation_id")


def said(sentence: int, text: str, *, joint: str = "，", split: str | None = None) -> Clause:
    return Clause(Section.VOLUNTEERING, sentence, text, joint=joint, split=split)
