"""Working members, posts, claims, service, feedback."""

from datetime import date

from alembic import op

from contracts.kinds.alerts import Severity
from contracts.kinds.working import ServicePostKind, Skill, WorkingOccupation
from services.chassis.kinds import seed_statement as seed_kinds
from services.chassis.rulebook import seed_statement as seed_rules
from services.chassis.rules import Stated
from services.membership.domain.working.standards import ClaimBounds, FeedbackYearly, WorkingHours

revision = "0006"
down_revision = "0005"

TABLES: tuple[str, ...] = (
    """
    CREATE TABLE employer (
        employer_id uuid PRIMARY KEY,
        code        text COLLATE "C" NOT NULL UNIQUE,
        name        text NOT NULL,
        area        text COLLATE "C" NOT NULL REFERENCES area,
        version     int NOT NULL,
        recorded_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX employer_area ON employer (area, code)",
    # `area` is the grid where one is known, else the community.
    """
    CREATE TABLE registrant (
        registrant_id uuid PRIMARY KEY,
        code          text COLLATE "C" NOT NULL UNIQUE,
        community     text COLLATE "C" NOT NULL REFERENCES area,
        area          text COLLATE "C" NOT NULL REFERENCES area,
        employer_id   uuid NOT NULL REFERENCES employer,
        occupation    text NOT NULL,
        skills        text[] NOT NULL,
        state         text NOT NULL,
        registered_on date NOT NULL,
        left_on       date,
        claims        int NOT NULL DEFAULT 0 CHECK (claims >= 0),
        version       int NOT NULL,
        recorded_at   timestamptz NOT NULL
    )
    """,
    "CREATE INDEX registrant_area ON registrant (area, code)",
    "CREATE INDEX registrant_community ON registrant (community, state)",
    "CREATE INDEX registrant_employer ON registrant (employer_id, code)",
    "CREATE INDEX registrant_skills ON registrant USING gin (skills)",
    "CREATE INDEX registrant_short ON registrant (claims, registered_on) WHERE state = 'active'",
    # One person registers once in a community: keyed digests, never the text.
    """
    CREATE TABLE registrant_identity (
        community     text COLLATE "C" NOT NULL,
        field         text NOT NULL,
        digest        bytea NOT NULL,
        registrant_id uuid NOT NULL REFERENCES registrant,
        PRIMARY KEY (community, field, digest)
    )
    """,
    "CREATE INDEX registrant_identity_registrant ON registrant_identity (registrant_id)",
    """
    CREATE TABLE service_post (
        post_id     uuid PRIMARY KEY,
        code        text COLLATE "C" NOT NULL UNIQUE,
        title       text NOT NULL,
        kind        text NOT NULL,
        community   text COLLATE "C" NOT NULL REFERENCES area,
        area        text COLLATE "C" NOT NULL REFERENCES area,
        skills      text[] NOT NULL,
        places      int NOT NULL,
        taken       int NOT NULL DEFAULT 0,
        starts_on   date NOT NULL,
        ends_on     date,
        closed_on   date,
        version     int NOT NULL,
        recorded_at timestamptz NOT NULL,
        CONSTRAINT no_more_than_places CHECK (taken BETWEEN 0 AND places)
    )
    """,
    "CREATE INDEX service_post_area ON service_post (area, code)",
    "CREATE INDEX service_post_free ON service_post (community, code) WHERE closed_on IS NULL",
    """
    CREATE TABLE post_claim (
        claim_id      uuid PRIMARY KEY,
        code          text COLLATE "C" NOT NULL UNIQUE,
        post_id       uuid NOT NULL REFERENCES service_post,
        registrant_id uuid NOT NULL REFERENCES registrant,
        employer_id   uuid NOT NULL REFERENCES employer,
        kind          text NOT NULL,
        area          text COLLATE "C" NOT NULL,
        state         text NOT NULL,
        how           text,
        claimed_on    date NOT NULL,
        ended_on      date,
        version       int NOT NULL,
        recorded_at   timestamptz NOT NULL
    )
    """,
    # Nobody holds one post twice.
    """
    CREATE UNIQUE INDEX post_claim_held ON post_claim (post_id, registrant_id)
     WHERE state = 'held'
    """,
    "CREATE INDEX post_claim_registrant ON post_claim (registrant_id, claimed_on)",
    "CREATE INDEX post_claim_area ON post_claim (area, code)",
    """
    CREATE TABLE service_record (
        record_id       uuid PRIMARY KEY,
        code            text COLLATE "C" NOT NULL UNIQUE,
        community       text COLLATE "C" NOT NULL REFERENCES area,
        area            text COLLATE "C" NOT NULL REFERENCES area,
        post_id         uuid REFERENCES service_post,
        kind            text NOT NULL,
        held_on         date NOT NULL,
        starts_at       timestamptz,
        minutes         int NOT NULL,
        service_time    text NOT NULL,
        sessions        int NOT NULL,
        attended        int NOT NULL,
        service_minutes int NOT NULL,
        beneficiaries   int NOT NULL,
        bound           text NOT NULL,
        voided_at       timestamptz,
        version         int NOT NULL,
        recorded_at     timestamptz NOT NULL
    )
    """,
    "CREATE INDEX service_record_area ON service_record (area, held_on, record_id)",
    # Who took part by name. `employer_id` is that of the day.
    """
    CREATE TABLE service_credit (
        credit_id     uuid PRIMARY KEY,
        record_id     uuid NOT NULL REFERENCES service_record,
        registrant_id uuid NOT NULL REFERENCES registrant,
        employer_id   uuid NOT NULL REFERENCES employer,
        area          text COLLATE "C" NOT NULL,
        kind          text NOT NULL,
        held_on       date NOT NULL,
        minutes       int NOT NULL,
        voided        boolean NOT NULL DEFAULT false,
        UNIQUE (record_id, registrant_id)
    )
    """,
    "CREATE INDEX service_credit_registrant ON service_credit (registrant_id, held_on)",
    # `content` is the ledger as the letter told it, without names: the letter can be made again.
    """
    CREATE TABLE feedback (
        feedback_id     uuid PRIMARY KEY,
        employer_id     uuid NOT NULL REFERENCES employer,
        area            text COLLATE "C" NOT NULL REFERENCES area,
        year            int NOT NULL,
        edition         int NOT NULL,
        reason          text,
        registrants     int NOT NULL,
        attended        int NOT NULL,
        service_minutes int NOT NULL,
        content         jsonb NOT NULL,
        issued_on       date NOT NULL,
        recorded_at     timestamptz NOT NULL,
        UNIQUE (employer_id, year, area, edition)
    )
    """,
    "CREATE INDEX feedback_area ON feedback (area, year, feedback_id)",
)

EVER = date(2013, 1, 1)
"""Since when the first versions stand: before any ledger of this kind."""

RULES = (
    Stated(
        ClaimBounds(least=1, most=3, grace_days=30),
        "1",
        EVER,
        Severity.WARN,
        "在职党员到社区报到服务制度：每人认领一至三个服务岗位（可由街道、社区另定）",
    ),
    Stated(
        FeedbackYearly(times=1, due_month=12, due_day=31, remind_days=30),
        "1",
        EVER,
        Severity.WARN,
        "在职党员到社区报到服务制度：每年向所在单位党组织反馈一次",
    ),
    Stated(
        WorkingHours(begins_hour=8, ends_hour=18),
        "1",
        EVER,
        Severity.HINT,
        "“八小时内奉献岗位，八小时外奉献社会”服务机制",
    ),
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    for family, kinds in (
        ("service_post", ServicePostKind),
        ("working_occupation", WorkingOccupation),
        ("skill", Skill),
    ):
        op.execute(seed_kinds(family, {kind.value: kind.label for kind in kinds}))
    op.execute(seed_rules(*RULES))
