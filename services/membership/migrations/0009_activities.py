"""Activities and what is owed how often."""

import json
from dataclasses import asdict
from datetime import date

from alembic import op
from sqlalchemy import text

from contracts.kinds.activities import (
    ACTIVITY_PARENT,
    ACTIVITY_TRAITS,
    ActivityKind,
    LectureForm,
    OutputKind,
    ThemeColour,
)
from contracts.kinds.alerts import Severity
from services.chassis.kinds import seed_statement
from services.chassis.rulebook import seed_statement as rule_statement
from services.chassis.rules import Stated
from services.membership.domain.activities import TrainingHours
from services.membership.domain.cadence import SEEDS, PartOfPeriod
from services.membership.domain.cadence.demands import EDUCATION_RULES

revision = "0009"
down_revision = "0008"

ACTIVITIES = (
    """
    CREATE TABLE activity (
        activity_id     uuid PRIMARY KEY,
        code            text COLLATE "C" UNIQUE,
        organisation_id uuid NOT NULL REFERENCES organisation,
        organisation_kind text NOT NULL,
        area            text COLLATE "C" NOT NULL,
        status          text NOT NULL,
        kind            text NOT NULL,
        group_kind      text NOT NULL,
        variant_kind    text,
        starts_at       timestamptz NOT NULL,
        ends_at         timestamptz,
        minutes         int,
        occasion        smallint NOT NULL DEFAULT 1,
        sessions        int NOT NULL DEFAULT 1,
        sessions_bound  text NOT NULL DEFAULT 'exact',
        topic           text,
        place           text,
        base_id         uuid,
        venue_id        uuid,
        visit_id        uuid UNIQUE,
        co_organiser_ids uuid[] NOT NULL DEFAULT '{}',
        stated_headcount int,
        headcount       int NOT NULL DEFAULT 0,
        bound           text NOT NULL DEFAULT 'exact',
        stated_expected int,
        invited         int NOT NULL DEFAULT 0,
        expected        int NOT NULL DEFAULT 0,
        attended        int NOT NULL DEFAULT 0,
        excused         int NOT NULL DEFAULT 0,
        missed          int NOT NULL DEFAULT 0,
        exempt          int NOT NULL DEFAULT 0,
        present         int NOT NULL DEFAULT 0,
        version         int NOT NULL,
        edition         int NOT NULL DEFAULT 1,
        recorded_at     timestamptz NOT NULL
    )
    """,
    # What is held is recorded once, whoever enters it. A goal stands beside what fulfils it;
    # visits at bases are told apart by their own number.
    """
    CREATE UNIQUE INDEX activity_once ON activity
        (organisation_id, kind, starts_at, occasion, (sessions_bound = 'target'))
     WHERE status IN ('planned', 'held') AND visit_id IS NULL
    """,
    "CREATE INDEX activity_start ON activity (starts_at, activity_id)",
    "CREATE INDEX activity_area ON activity (area, starts_at, activity_id)",
    "CREATE INDEX activity_organisation ON activity (organisation_id, starts_at, activity_id)",
    "CREATE INDEX activity_kind ON activity (kind, starts_at, activity_id)",
    "CREATE INDEX activity_co_organisers ON activity USING gin (co_organiser_ids)",
    """
    CREATE TABLE attendance (
        activity_id uuid NOT NULL REFERENCES activity,
        member_id   uuid NOT NULL REFERENCES member,
        presence    text NOT NULL,
        reason      text,
        exempt      boolean NOT NULL DEFAULT false,
        counted     boolean NOT NULL DEFAULT true,
        held_on     date,
        minutes     int NOT NULL DEFAULT 0,
        PRIMARY KEY (activity_id, member_id)
    )
    """,
    "CREATE INDEX attendance_member ON attendance (member_id, held_on)",
    """
    CREATE TABLE activity_output (
        output_id    uuid PRIMARY KEY,
        activity_id  uuid NOT NULL REFERENCES activity,
        kind         text NOT NULL,
        quantity     int  NOT NULL,
        bound        text NOT NULL,
        retracted_at timestamptz,
        version      int  NOT NULL,
        recorded_at  timestamptz NOT NULL
    )
    """,
    """
    CREATE UNIQUE INDEX activity_output_once ON activity_output (activity_id, kind, bound)
     WHERE retracted_at IS NULL
    """,
    """
    CREATE TABLE activity_attachment (
        attachment_id uuid PRIMARY KEY,
        activity_id   uuid NOT NULL REFERENCES activity,
        uri           text NOT NULL,
        sha256        text,
        title         text,
        recorded_at   timestamptz NOT NULL,
        UNIQUE (activity_id, uri)
    )
    """,
)

CADENCE = (
    # One row a version. Without a kind it binds one organisation; without an area, all.
    """
    CREATE TABLE cadence (
        cadence_id        uuid PRIMARY KEY,
        code              text COLLATE "C" NOT NULL,
        organisation_kind text,
        organisation_id   uuid REFERENCES organisation,
        area              text COLLATE "C",
        activity_kind     text NOT NULL,
        every             text NOT NULL,
        times             int  NOT NULL,
        remind_days       int  NOT NULL,
        effective_from    date NOT NULL,
        effective_to      date,
        severity          text NOT NULL,
        source            text NOT NULL,
        version           int  NOT NULL,
        recorded_at       timestamptz NOT NULL,
        UNIQUE (code, effective_from),
        CHECK ((organisation_kind IS NULL) <> (organisation_id IS NULL))
    )
    """,
    "CREATE INDEX cadence_organisation ON cadence (organisation_id)",
    # One row for each period an organisation owes something in.
    """
    CREATE TABLE duty (
        duty_id         uuid PRIMARY KEY,
        organisation_id uuid NOT NULL REFERENCES organisation,
        cadence_id      uuid NOT NULL REFERENCES cadence,
        code            text COLLATE "C" NOT NULL,
        organisation_kind text NOT NULL,
        area            text COLLATE "C" NOT NULL,
        kind            text NOT NULL,
        every           text NOT NULL,
        first_on        date NOT NULL,
        due_on          date NOT NULL,
        remind_on       date NOT NULL,
        needed          int  NOT NULL,
        held            int  NOT NULL,
        assessed        boolean NOT NULL DEFAULT false,
        version         int  NOT NULL DEFAULT 0
    )
    """,
    "CREATE INDEX duty_organisation ON duty (organisation_id, due_on)",
    "CREATE INDEX duty_short ON duty (area, due_on, duty_id, remind_on) WHERE held < needed",
    """
    CREATE INDEX duty_short_kind ON duty (kind, area, due_on, duty_id, remind_on)
     WHERE held < needed
    """,
    "CREATE INDEX duty_unassessed ON duty (due_on, duty_id) WHERE NOT assessed",
    # How far each organisation's periods have been opened, by which demands, and as what it then
    # stood in the tree. `revision` counts the demands that had been stated by then.
    """
    CREATE TABLE duty_followed (
        organisation_id uuid PRIMARY KEY REFERENCES organisation,
        version         int    NOT NULL,
        revision        bigint NOT NULL,
        since           date   NOT NULL,
        through         date   NOT NULL
    )
    """,
    # From which day on an area is reckoned; else from the year its organisations were entered.
    """
    CREATE TABLE duty_since (
        area    text COLLATE "C" PRIMARY KEY,
        since   date NOT NULL,
        edition int  NOT NULL DEFAULT 1
    )
    """,
)

KINDS = """
INSERT INTO kind (family, code, label, parent, traits, position)
SELECT 'activity', code, label, parent, traits, position
  FROM jsonb_to_recordset(CAST(:kinds AS jsonb))
    AS k (code text, label text, parent text, traits jsonb, position int)
"""
CADENCES = """
INSERT INTO cadence (cadence_id, code, organisation_kind, activity_kind, every, times, remind_days,
                     effective_from, severity, source, version, recorded_at)
SELECT cadence_id, code, organisation_kind, activity_kind, every, times, remind_days,
       effective_from, severity, source, 0, now()
  FROM jsonb_to_recordset(CAST(:cadences AS jsonb))
    AS c (cadence_id uuid, code text, organisation_kind text, activity_kind text, every text,
          times int, remind_days int, effective_from date, severity text, source text)
"""

RULES = (
    Stated(
        TrainingHours(least=32),
        "2019",
        EDUCATION_RULES,
        Severity.WARN,
        "《中国共产党党员教育管理工作条例》第二十条",
    ),
    Stated(
        PartOfPeriod(least_percent=50),
        "1",
        date(2018, 1, 1),
        Severity.WARN,
        "不足一个周期的，按存续天数折算（系统口径）",
    ),
)


def upgrade() -> None:
    families = {
        "theme-colour": ThemeColour,
        "lecture-form": LectureForm,
        "activity-output": OutputKind,
    }
    seeds = (
        seed_statement(family, {code.value: code.label for code in codes})
        for family, codes in families.items()
    )
    for statement in (*ACTIVITIES, *CADENCE, *seeds, rule_statement(*RULES)):
        op.execute(statement)
    op.execute(text(KINDS).bindparams(kinds=json.dumps(_kinds(), ensure_ascii=False)))
    owed = [asdict(seed) for seed in SEEDS]
    op.execute(
        text(CADENCES).bindparams(cadences=json.dumps(owed, ensure_ascii=False, default=str))
    )


def _kinds() -> list[dict[str, object]]:
    return [
        {
            "code": kind.value,
            "label": kind.label,
            "parent": ACTIVITY_PARENT.get(kind),
            "traits": ACTIVITY_TRAITS.get(kind, {}),
            "position": position,
        }
        for position, kind in enumerate(ActivityKind)
    ]
