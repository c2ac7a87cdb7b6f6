"""Lecturers, their skills, times, assignments and duties."""

from alembic import op

from contracts.kinds.lecturers import LecturerRole, LecturerSkill
from services.bases.domain.lecturers.rules import FIRST
from services.chassis import rulebook, schema
from services.chassis.kinds import seed_statement

revision = "0006"
down_revision = "0005"

TABLES: tuple[str, ...] = (
    # Name and phone are in the vault under the lecturer's id. `no` stands for the lecturer in the
    # guard below, as a venue's does for it.
    """
    CREATE TABLE lecturer (
        lecturer_id uuid PRIMARY KEY,
        no          bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
        code        text COLLATE "C" NOT NULL UNIQUE,
        area        text COLLATE "C" NOT NULL,
        base_id     uuid REFERENCES base,
        roles       text[] NOT NULL CHECK (cardinality(roles) > 0),
        skills      text[] NOT NULL CHECK (cardinality(skills) > 0),
        engagement  text NOT NULL,
        engaged_on  date NOT NULL,
        retired_on  date,
        version     int  NOT NULL,
        recorded_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX lecturer_area ON lecturer (area, code)",
    "CREATE INDEX lecturer_skills ON lecturer USING gin (skills)",
    # As of opening hours: day kind to a list of [from, until) in minutes of the day.
    """
    CREATE TABLE lecturer_hours (
        lecturer_id    uuid NOT NULL REFERENCES lecturer,
        effective_from date NOT NULL,
        hours          jsonb NOT NULL,
        recorded_at    timestamptz NOT NULL,
        PRIMARY KEY (lecturer_id, effective_from)
    )
    """,
    """
    CREATE TABLE lecturer_absence (
        absence_id   uuid PRIMARY KEY,
        lecturer_id  uuid NOT NULL REFERENCES lecturer,
        kind         text NOT NULL CHECK (kind IN ('leave', 'extra')),
        starts_at    timestamptz NOT NULL,
        ends_at      timestamptz NOT NULL,
        withdrawn_at timestamptz,
        recorded_at  timestamptz NOT NULL,
        CHECK (starts_at < ends_at)
    )
    """,
    """
    CREATE INDEX lecturer_absence_ahead ON lecturer_absence (lecturer_id, ends_at)
     WHERE withdrawn_at IS NULL
    """,
    """
    CREATE TABLE guide_shift (
        shift_id    uuid PRIMARY KEY,
        lecturer_id uuid NOT NULL REFERENCES lecturer,
        base_id     uuid NOT NULL REFERENCES base,
        area        text COLLATE "C" NOT NULL,
        starts_at   timestamptz NOT NULL,
        ends_at     timestamptz NOT NULL,
        status      text NOT NULL,
        version     int  NOT NULL,
        recorded_at timestamptz NOT NULL,
        CHECK (starts_at < ends_at)
    )
    """,
    "CREATE INDEX guide_shift_area ON guide_shift (area, starts_at, shift_id)",
    "CREATE INDEX guide_shift_base ON guide_shift (base_id, starts_at, shift_id)",
    "CREATE INDEX guide_shift_lecturer ON guide_shift (lecturer_id, starts_at, shift_id)",
    # Everything that takes a lecturer, so that one guard stands over all of it. `reach` goes on
    # until they could begin elsewhere; `place` is the base, or the hall of a session at none, as an
    # address, because gist tells addresses apart and uuids it does not.
    # Deferrable: two who swap shifts stand in each other's way for a moment.
    r"""
    CREATE TABLE lecturer_assignment (
        assignment_id uuid PRIMARY KEY,
        lecturer_id   uuid   NOT NULL REFERENCES lecturer,
        lecturer_no   bigint NOT NULL,
        booking_id    uuid REFERENCES booking,
        session_id    uuid,
        shift_id      uuid REFERENCES guide_shift,
        base_id       uuid REFERENCES base,
        place_id      uuid NOT NULL,
        area          text COLLATE "C" NOT NULL,
        skill         text,
        starts_at     timestamptz NOT NULL,
        ends_at       timestamptz NOT NULL,
        free_at       timestamptz NOT NULL,
        holds         boolean NOT NULL DEFAULT true,
        completed_at  timestamptz,
        headcount     int,
        version       int NOT NULL,
        recorded_at   timestamptz NOT NULL,
        during tstzrange NOT NULL GENERATED ALWAYS AS (tstzrange(starts_at, ends_at, '[)')) STORED,
        reach  tstzrange NOT NULL GENERATED ALWAYS AS (tstzrange(starts_at, free_at, '[)')) STORED,
        place  inet NOT NULL GENERATED ALWAYS AS (
            regexp_replace(replace(place_id::text, '-', ''), '(.{4})(?!$)', '\1\:', 'g')::inet
        ) STORED,
        CHECK (starts_at < ends_at AND ends_at <= free_at),
        CHECK (num_nonnulls(booking_id, session_id, shift_id) = 1),
        CONSTRAINT one_task_at_a_time EXCLUDE USING gist (
            int8range(lecturer_no, lecturer_no, '[]') WITH =, during WITH &&
        ) WHERE (holds) DEFERRABLE,
        CONSTRAINT time_to_get_there EXCLUDE USING gist (
            int8range(lecturer_no, lecturer_no, '[]') WITH =, place inet_ops WITH <>, reach WITH &&
        ) WHERE (holds) DEFERRABLE
    )
    """,
    """
    CREATE UNIQUE INDEX assignment_booking ON lecturer_assignment (booking_id, lecturer_id)
     WHERE holds
    """,
    """
    CREATE UNIQUE INDEX assignment_session ON lecturer_assignment (session_id, lecturer_id)
     WHERE holds
    """,
    "CREATE UNIQUE INDEX assignment_shift ON lecturer_assignment (shift_id) WHERE holds",
    """
    CREATE INDEX assignment_lecturer ON lecturer_assignment (lecturer_id, starts_at, assignment_id)
    """,
    "CREATE INDEX assignment_area ON lecturer_assignment (area, starts_at, assignment_id)",
    """
    CREATE TABLE lecturer_rating (
        rating_id     uuid PRIMARY KEY,
        assignment_id uuid NOT NULL UNIQUE REFERENCES lecturer_assignment,
        lecturer_id   uuid NOT NULL REFERENCES lecturer,
        booking_id    uuid NOT NULL REFERENCES booking,
        area          text COLLATE "C" NOT NULL,
        stars         int  NOT NULL CHECK (stars BETWEEN 1 AND 5),
        rated_by      text NOT NULL,
        rated_on      date NOT NULL,
        version       int  NOT NULL,
        recorded_at   timestamptz NOT NULL
    )
    """,
    "CREATE INDEX lecturer_rating_lecturer ON lecturer_rating (lecturer_id, rating_id)",
)


def upgrade() -> None:
    seeds = (
        seed_statement("lecturer-role", {kind.value: kind.label for kind in LecturerRole}),
        seed_statement("lecturer-skill", {kind.value: kind.label for kind in LecturerSkill}),
        rulebook.seed_statement(*FIRST),
    )
    for statement in (*schema.PERSONS, *TABLES, *seeds):
        op.execute(statement)
