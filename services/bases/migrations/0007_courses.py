"""Courses, their sessions and who signed up."""

from alembic import op

from contracts.kinds.courses import AudienceKind, CourseKind, LectureHallKind
from services.chassis.kinds import Seed, seeds_statement

revision = "0007"
down_revision = "0006"

TABLES: tuple[str, ...] = (
    """
    CREATE TABLE lecture_hall (
        hall_id     uuid PRIMARY KEY,
        code        text COLLATE "C" NOT NULL UNIQUE,
        name        text NOT NULL,
        kind        text NOT NULL,
        area        text COLLATE "C" NOT NULL,
        base_id     uuid REFERENCES base,
        venue_id    uuid REFERENCES venue,
        opened_on   date NOT NULL,
        closed_on   date,
        version     int  NOT NULL,
        recorded_at timestamptz NOT NULL,
        CHECK (venue_id IS NULL OR base_id IS NOT NULL),
        CHECK (closed_on >= opened_on)
    )
    """,
    "CREATE INDEX lecture_hall_area ON lecture_hall (area, code)",
    """
    CREATE TABLE course (
        course_id     uuid PRIMARY KEY,
        hall_id       uuid NOT NULL REFERENCES lecture_hall,
        code          text COLLATE "C" NOT NULL UNIQUE,
        name          text NOT NULL,
        kind          text NOT NULL,
        audience_kind text NOT NULL,
        area          text COLLATE "C" NOT NULL,
        retired_on    date,
        version       int  NOT NULL,
        recorded_at   timestamptz NOT NULL
    )
    """,
    "CREATE INDEX course_area ON course (area, code)",
    "CREATE INDEX course_hall ON course (hall_id)",
    # `taken` is the counter that cannot be oversold: seats are taken only by the guarded update.
    """
    CREATE TABLE session (
        session_id  uuid PRIMARY KEY,
        course_id   uuid NOT NULL REFERENCES course,
        hall_id     uuid NOT NULL REFERENCES lecture_hall,
        code        text COLLATE "C" UNIQUE,
        area        text COLLATE "C" NOT NULL,
        base_id     uuid REFERENCES base,
        venue_id    uuid REFERENCES venue,
        booking_id  uuid REFERENCES booking,
        place       text,
        lecturer_id uuid,
        starts_at   timestamptz NOT NULL,
        ends_at     timestamptz NOT NULL,
        closes_at   timestamptz NOT NULL,
        seats       int  NOT NULL CHECK (seats > 0),
        taken       int  NOT NULL DEFAULT 0,
        status      text NOT NULL,
        walk_ins    int,
        attended    int,
        absent      int,
        version     int  NOT NULL,
        recorded_at timestamptz NOT NULL,
        CHECK (starts_at < ends_at AND closes_at <= starts_at),
        CHECK ((venue_id IS NULL) = (booking_id IS NULL)),
        CONSTRAINT seats_never_oversold CHECK (taken BETWEEN 0 AND seats)
    )
    """,
    "CREATE INDEX session_area ON session (area, starts_at, session_id)",
    "CREATE INDEX session_course ON session (course_id, starts_at, session_id)",
    "CREATE INDEX session_hall ON session (hall_id, starts_at) WHERE status = 'announced'",
    """
    CREATE TABLE sign_up (
        sign_up_id      uuid PRIMARY KEY,
        session_id      uuid NOT NULL REFERENCES session,
        organisation_id uuid,
        headcount       int  NOT NULL CHECK (headcount > 0),
        channel         text NOT NULL,
        status          text NOT NULL,
        attended        int  CHECK (attended BETWEEN 0 AND headcount),
        version         int  NOT NULL,
        recorded_at     timestamptz NOT NULL
    )
    """,
    "CREATE INDEX sign_up_session ON sign_up (session_id, sign_up_id)",
    "CREATE INDEX sign_up_organisation ON sign_up (organisation_id, sign_up_id)",
    """
    CREATE UNIQUE INDEX sign_up_once ON sign_up (session_id, organisation_id)
     WHERE status = 'standing' AND organisation_id IS NOT NULL
    """,
)


def upgrade() -> None:
    families = {
        "lecture-hall": LectureHallKind,
        "course": CourseKind,
        "course-audience": AudienceKind,
    }
    seeds = [
        seeds_statement(family, [Seed(kind) for kind in kinds])
        for family, kinds in families.items()
    ]
    for statement in (*TABLES, *seeds):
        op.execute(statement)
