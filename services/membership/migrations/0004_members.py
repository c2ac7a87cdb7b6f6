"""Members, their history and joining; counts of people that are stated without a list."""

from alembic import op

from contracts.kinds.members import HeadcountKind
from services.chassis.kinds import seed_statement
from services.chassis.rulebook import seed_statement as rules_statement
from services.membership.domain.members.rules import FIRST

revision = "0004"
down_revision = "0003"

TABLES: tuple[str, ...] = (
    # One row a member and one branch a row: never in two branches, never in none.
    """
    CREATE TABLE member (
        member_id       uuid PRIMARY KEY,
        code            text COLLATE "C" NOT NULL UNIQUE,
        organisation_id uuid NOT NULL REFERENCES organisation,
        group_id        uuid REFERENCES organisation,
        area            text COLLATE "C" NOT NULL,
        state           text NOT NULL,
        leaving         text,
        since           date NOT NULL,
        education       text NOT NULL,
        work_status     text NOT NULL,
        occupation      text NOT NULL,
        health          text NOT NULL DEFAULT 'able',
        hardship        boolean NOT NULL DEFAULT false,
        whereabouts     text NOT NULL DEFAULT 'here',
        whereabouts_since date,
        birth_year      smallint,
        applied_on      date,
        joined_on       date,
        full_on         date,
        probation_until date,
        joining_due     date,
        attempt         int  NOT NULL DEFAULT 1,
        identity_digest bytea UNIQUE,
        version         int  NOT NULL,
        recorded_at     timestamptz NOT NULL,
        counted boolean GENERATED ALWAYS AS (state IN ('probationary', 'full')) STORED,
        CHECK ((state = 'left') = (leaving IS NOT NULL)),
        CHECK ((whereabouts = 'here') = (whereabouts_since IS NULL))
    )
    """,
    # Lists page by (area, member_id); counts of a subtree read the index alone.
    """
    CREATE INDEX member_area ON member (area, member_id)
        INCLUDE (state, education, work_status, occupation)
    """,
    "CREATE INDEX member_organisation ON member (organisation_id, member_id) INCLUDE (state)",
    "CREATE INDEX member_group ON member (group_id, member_id) WHERE group_id IS NOT NULL",
    "CREATE INDEX member_state ON member (state, area, member_id)",
    """
    CREATE INDEX member_whereabouts ON member (whereabouts, area, member_id)
        WHERE whereabouts <> 'here'
    """,
    # The sweeps look for what is due: few among many.
    "CREATE INDEX member_gone ON member (whereabouts_since) WHERE whereabouts <> 'here'",
    "CREATE INDEX member_stopped ON member (since) WHERE leaving = 'stopped'",
    "CREATE INDEX member_joining_due ON member (joining_due) WHERE joining_due IS NOT NULL",
    # A second attachment never counts: it says only who looks after a mobile member meanwhile.
    """
    CREATE TABLE attachment (
        attachment_id uuid PRIMARY KEY,
        member_id     uuid NOT NULL REFERENCES member,
        host_id       uuid REFERENCES organisation,
        from_on       date NOT NULL,
        ended_on      date,
        CHECK (ended_on IS NULL OR ended_on >= from_on)
    )
    """,
    "CREATE UNIQUE INDEX attachment_open ON attachment (member_id) WHERE ended_on IS NULL",
    "CREATE INDEX attachment_host ON attachment (host_id, member_id) WHERE ended_on IS NULL",
    "CREATE INDEX attachment_member ON attachment (member_id, from_on)",
    """
    CREATE TABLE member_history (
        member_id       uuid NOT NULL REFERENCES member,
        version         int  NOT NULL,
        effective_on    date NOT NULL,
        state           text NOT NULL,
        leaving         text,
        organisation_id uuid NOT NULL,
        group_id        uuid,
        whereabouts     text NOT NULL,
        reason          text NOT NULL,
        rule            text,
        rule_version    text,
        recorded_at     timestamptz NOT NULL,
        PRIMARY KEY (member_id, version)
    )
    """,
    "CREATE INDEX member_history_day ON member_history (member_id, effective_on, version)",
    """
    CREATE TABLE joining_step (
        step_id         uuid PRIMARY KEY,
        member_id       uuid NOT NULL REFERENCES member,
        attempt         int  NOT NULL,
        step            text NOT NULL,
        held_on         date NOT NULL,
        organisation_id uuid NOT NULL,
        minutes         text,
        days            int,
        hours           int,
        rule            text,
        rule_version    text,
        recorded_at     timestamptz NOT NULL
    )
    """,
    # Once in an attempt to join, but for the half-yearly check.
    """
    CREATE UNIQUE INDEX joining_step_once ON joining_step (member_id, attempt, step)
        WHERE step <> 'activist-check'
    """,
    "CREATE INDEX joining_step_member ON joining_step (member_id, held_on)",
    """
    CREATE TABLE headcount (
        headcount_id    uuid PRIMARY KEY,
        organisation_id uuid NOT NULL REFERENCES organisation,
        area            text COLLATE "C" NOT NULL,
        kind            text NOT NULL,
        headcount       int  NOT NULL CHECK (headcount >= 0),
        bound           text NOT NULL,
        least_years     int,
        years_of        text,
        stated_on       date NOT NULL,
        withdrawn_at    timestamptz,
        version         int  NOT NULL,
        recorded_at     timestamptz NOT NULL
    )
    """,
    "CREATE INDEX headcount_area ON headcount (area, headcount_id)",
)


def upgrade() -> None:
    kinds = {kind.value: kind.label for kind in HeadcountKind}
    seeds = (seed_statement("headcount", kinds), rules_statement(*FIRST))
    for statement in (*TABLES, *seeds):
        op.execute(statement)
