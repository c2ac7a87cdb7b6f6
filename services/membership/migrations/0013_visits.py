"""That branches owe a visit at a base, and kinds of what is reported of bases."""

import json
from dataclasses import asdict

from alembic import op
from sqlalchemy import text

from contracts.kinds.activities import ActivityKind
from contracts.kinds.books import STANDING_REGISTERS, RegisterKind, TaskKind
from contracts.kinds.labelled import Labelled
from services.membership.domain.cadence.demands import VISITS

revision = "0013"
down_revision = "0012"

DEMAND = """
INSERT INTO cadence (cadence_id, code, organisation_kind, activity_kind, every, times, remind_days,
                     effective_from, severity, source, version, recorded_at)
SELECT cadence_id, code, organisation_kind, activity_kind, every, times, remind_days,
       effective_from, severity, source, 0, now()
  FROM jsonb_to_record(CAST(:demand AS jsonb))
    AS c (cadence_id uuid, code text, organisation_kind text, activity_kind text, every text,
          times int, remind_days int, effective_from date, severity text, source text)
 WHERE NOT EXISTS (SELECT FROM cadence k WHERE k.code = c.code)
"""
"""A district that asked for it before goes on as it asked."""

KIND = """
INSERT INTO kind (family, code, label, parent, traits, position)
SELECT :family, :code, :label, :parent, CAST(:traits AS jsonb), coalesce(max(position), 0) + 1
  FROM kind WHERE family = :family
ON CONFLICT (family, code) DO NOTHING
"""
"""A new database has had it since its first kinds; elsewhere a district may have been first."""

KINDS: tuple[tuple[str, Labelled, str | None], ...] = (
    ("activity", ActivityKind.VENUE_MEETING, ActivityKind.MEETING),
    ("task", TaskKind.IMPROVEMENT_PLAN, None),
    ("register", RegisterKind.DISPLAY_UPDATE, None),
    ("register", RegisterKind.CENTRE_BUILT, None),
    ("register", RegisterKind.CULTURE_SQUARE, None),
    ("register", RegisterKind.SERVICE_STATION, None),
)


def upgrade() -> None:
    demand = json.dumps(asdict(VISITS), ensure_ascii=False, default=str)
    op.execute(text(DEMAND).bindparams(demand=demand))
    for family, kind, parent in KINDS:
        standing = family == "register" and kind in STANDING_REGISTERS
        given = {
            "family": family,
            "code": kind.value,
            "label": kind.label,
            "parent": parent,
            "traits": json.dumps({"standing": True} if standing else {}),
        }
        op.execute(text(KIND).bindparams(**given))
