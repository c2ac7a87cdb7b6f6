"""Volunteer teams, skills, the menu and its requests, help files and pairs, micro-wishes."""

from alembic import op

from contracts.kinds.volunteering import (
    DifficultyKind,
    HelpGrade,
    HelpMeasure,
    ServiceKind,
    TeamKind,
    WishKind,
)
from services.chassis.kinds import seed_statement as seed_kinds
from services.chassis.rulebook import seed_statement as seed_rules
from services.membership.domain.volunteering.rules import FIRST_VERSIONS

revision = "0008"
down_revision = "0007"

TEAMS: tuple[str, ...] = (
    """
    CREATE TABLE volunteer_team (
        team_id         uuid PRIMARY KEY,
        code            text COLLATE "C" NOT NULL UNIQUE,
        name            text NOT NULL,
        kind            text NOT NULL,
        organisation_id uuid NOT NULL REFERENCES organisation,
        area            text COLLATE "C" NOT NULL REFERENCES area,
        headcount       int  NOT NULL DEFAULT 0 CHECK (headcount >= 0),
        formed_on       date NOT NULL,
        disbanded_on    date,
        version         int  NOT NULL,
        recorded_at     timestamptz NOT NULL
    )
    """,
    "CREATE INDEX volunteer_team_area ON volunteer_team (area, code)",
    "CREATE INDEX volunteer_team_organisation ON volunteer_team (organisation_id)",
    # A holder is a member or a working member, by id alone; `holder_kind` says which.
    """
    CREATE TABLE volunteer_enlistment (
        enlistment_id uuid PRIMARY KEY,
        team_id       uuid NOT NULL REFERENCES volunteer_team,
        holder_id     uuid NOT NULL,
        holder_kind   text NOT NULL,
        joined_on     date NOT NULL,
        left_on       date
    )
    """,
    """
    CREATE UNIQUE INDEX once_in_a_team ON volunteer_enlistment (team_id, holder_id)
        WHERE left_on IS NULL
    """,
    "CREATE INDEX volunteer_enlistment_holder ON volunteer_enlistment (holder_id)",
    """
    CREATE TABLE skill (
        skill_id        uuid PRIMARY KEY,
        service_kind    text NOT NULL,
        skill_register  text NOT NULL,
        organisation_id uuid NOT NULL REFERENCES organisation,
        area            text COLLATE "C" NOT NULL,
        status          text NOT NULL,
        holder_id       uuid,
        holder_kind     text,
        consented_on    date,
        offered_on      date NOT NULL,
        decided_on      date,
        version         int  NOT NULL,
        recorded_at     timestamptz NOT NULL,
        CHECK (holder_id IS NOT NULL OR consented_on IS NOT NULL)
    )
    """,
    """
    CREATE UNIQUE INDEX skill_once ON skill (holder_id, service_kind, skill_register)
        WHERE status IN ('offered', 'approved')
    """,
    "CREATE INDEX skill_area ON skill (area, skill_id)",
    "CREATE INDEX skill_organisation ON skill (organisation_id, skill_id)",
    # A zone belongs to one branch at a time.
    """
    CREATE TABLE branch_zone (
        zone_id         uuid PRIMARY KEY,
        organisation_id uuid NOT NULL REFERENCES organisation,
        area            text COLLATE "C" NOT NULL REFERENCES area,
        since           date NOT NULL,
        ended_on        date,
        version         int  NOT NULL,
        recorded_at     timestamptz NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX one_branch_a_zone ON branch_zone (area) WHERE ended_on IS NULL",
    "CREATE INDEX branch_zone_organisation ON branch_zone (organisation_id)",
)

MENU: tuple[str, ...] = (
    """
    CREATE TABLE service_item (
        item_id          uuid PRIMARY KEY,
        code             text COLLATE "C" NOT NULL UNIQUE,
        name             text NOT NULL,
        service_kind     text NOT NULL,
        star             text NOT NULL,
        duration_minutes int  NOT NULL CHECK (duration_minutes > 0),
        area             text COLLATE "C" NOT NULL REFERENCES area,
        team_id          uuid REFERENCES volunteer_team,
        holder_id        uuid,
        holder_kind      text,
        offered_on       date NOT NULL,
        withdrawn_on     date,
        version          int  NOT NULL,
        recorded_at      timestamptz NOT NULL,
        CHECK ((team_id IS NULL) <> (holder_id IS NULL))
    )
    """,
    "CREATE INDEX service_item_area ON service_item (area, code) WHERE withdrawn_on IS NULL",
    # Who asked is sealed under the request's own id and erased once `erase_on` has come.
    """
    CREATE TABLE service_request (
        request_id      uuid PRIMARY KEY,
        item_id         uuid NOT NULL REFERENCES service_item,
        service_kind    text NOT NULL,
        star            text NOT NULL,
        channel         text NOT NULL,
        area            text COLLATE "C" NOT NULL,
        wished_on       date,
        status          text NOT NULL,
        requested_at    timestamptz NOT NULL,
        assigned_at     timestamptz,
        closed_at       timestamptz,
        respond_by      timestamptz NOT NULL,
        team_id         uuid REFERENCES volunteer_team,
        holder_id       uuid,
        holder_kind     text,
        waited_minutes  int,
        timeliness      text,
        service_minutes int,
        rating          smallint CHECK (rating BETWEEN 1 AND 5),
        late            boolean NOT NULL DEFAULT false,
        erase_on        date,
        version         int  NOT NULL,
        recorded_at     timestamptz NOT NULL,
        CHECK ((status IN ('requested', 'assigned')) = (closed_at IS NULL))
    )
    """,
    "CREATE INDEX service_request_area ON service_request (area, request_id)",
    "CREATE INDEX service_request_item ON service_request (item_id, request_id)",
    """
    CREATE INDEX service_request_waiting ON service_request (respond_by)
        WHERE status = 'requested' AND NOT late
    """,
    "CREATE INDEX service_request_erase ON service_request (erase_on) WHERE erase_on IS NOT NULL",
    """
    CREATE TABLE service_statement (
        statement_id    uuid PRIMARY KEY,
        organisation_id uuid NOT NULL REFERENCES organisation,
        area            text COLLATE "C" NOT NULL,
        measure         text NOT NULL,
        year            int  NOT NULL,
        quantity        int  NOT NULL CHECK (quantity >= 0),
        bound           text NOT NULL,
        stated_at       timestamptz NOT NULL,
        withdrawn_at    timestamptz,
        version         int  NOT NULL,
        recorded_at     timestamptz NOT NULL
    )
    """,
    """
    CREATE UNIQUE INDEX stated_once ON service_statement (organisation_id, measure, year, bound)
        WHERE withdrawn_at IS NULL
    """,
    "CREATE INDEX service_statement_area ON service_statement (area, statement_id)",
    """
    CREATE TABLE volunteer (
        volunteer_id uuid PRIMARY KEY,
        holder_id    uuid NOT NULL UNIQUE,
        holder_kind  text NOT NULL,
        area         text COLLATE "C" NOT NULL,
        minutes      bigint NOT NULL CHECK (minutes >= 0),
        star         text NOT NULL,
        version      int  NOT NULL,
        recorded_at  timestamptz NOT NULL
    )
    """,
    "CREATE INDEX volunteer_area ON volunteer (area, volunteer_id)",
    """
    CREATE TABLE service_time (
        volunteer_id uuid NOT NULL REFERENCES volunteer,
        source_id    uuid NOT NULL,
        source       text NOT NULL,
        area         text COLLATE "C" NOT NULL,
        served_on    date NOT NULL,
        minutes      int  NOT NULL CHECK (minutes > 0),
        recorded_at  timestamptz NOT NULL,
        PRIMARY KEY (volunteer_id, source_id)
    )
    """,
    "CREATE INDEX service_time_source ON service_time (source_id)",
)

HELP: tuple[str, ...] = (
    # The household itself is sealed under the file's id; its key dies with the file.
    """
    CREATE TABLE help_file (
        file_id           uuid PRIMARY KEY,
        code              text COLLATE "C" NOT NULL UNIQUE,
        organisation_id   uuid NOT NULL REFERENCES organisation,
        area              text COLLATE "C" NOT NULL REFERENCES area,
        grade             text NOT NULL,
        difficulty        text NOT NULL,
        consent_reference text NOT NULL,
        consented_on      date NOT NULL,
        expires_on        date NOT NULL,
        remind_on         date NOT NULL,
        opened_on         date NOT NULL,
        helpers           int  NOT NULL DEFAULT 0 CHECK (helpers >= 0),
        visited_on        date,
        visit_by          date,
        ended             text,
        ended_on          date,
        version           int  NOT NULL,
        recorded_at       timestamptz NOT NULL,
        CHECK ((ended IS NULL) = (ended_on IS NULL)),
        CHECK (consented_on < expires_on)
    )
    """,
    "CREATE INDEX help_file_area ON help_file (area, code)",
    "CREATE INDEX help_file_expiry ON help_file (expires_on) WHERE ended IS NULL",
    "CREATE INDEX help_file_reminder ON help_file (remind_on) WHERE ended IS NULL",
    "CREATE INDEX help_file_visit ON help_file (visit_by) WHERE ended IS NULL",
    # `place` counts the household's helpers, `load_place` the helper's households: how many of
    # either there may be is a rule, and no number is given twice.
    """
    CREATE TABLE help_pair (
        pair_id     uuid PRIMARY KEY,
        file_id     uuid NOT NULL REFERENCES help_file,
        holder_id   uuid NOT NULL,
        holder_kind text NOT NULL,
        mode        text NOT NULL,
        place       smallint NOT NULL,
        load_place  smallint NOT NULL,
        paired_on   date NOT NULL,
        ended_on    date
    )
    """,
    "CREATE UNIQUE INDEX one_helper_a_place ON help_pair (file_id, place) WHERE ended_on IS NULL",
    "CREATE UNIQUE INDEX paired_once ON help_pair (file_id, holder_id) WHERE ended_on IS NULL",
    """
    CREATE UNIQUE INDEX one_household_a_place ON help_pair (holder_id, load_place)
        WHERE ended_on IS NULL
    """,
    """
    CREATE TABLE help_visit (
        visit_id    uuid PRIMARY KEY,
        file_id     uuid NOT NULL REFERENCES help_file,
        holder_id   uuid NOT NULL,
        holder_kind text NOT NULL,
        visited_on  date NOT NULL,
        measures    text[] NOT NULL,
        minutes     int,
        recorded_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX help_visit_file ON help_visit (file_id, visited_on)",
    "CREATE INDEX help_visit_holder ON help_visit (holder_id, visited_on)",
)

WISHES: tuple[str, ...] = (
    """
    CREATE TABLE wish (
        wish_id         uuid PRIMARY KEY,
        wish_kind       text NOT NULL,
        difficulty      text NOT NULL,
        organisation_id uuid NOT NULL REFERENCES organisation,
        area            text COLLATE "C" NOT NULL REFERENCES area,
        status          text NOT NULL,
        collected_at    timestamptz NOT NULL,
        expires_on      date NOT NULL,
        closed_at       timestamptz,
        erase_on        date,
        version         int  NOT NULL,
        recorded_at     timestamptz NOT NULL,
        CHECK ((status IN ('collected', 'claimed')) = (closed_at IS NULL))
    )
    """,
    "CREATE INDEX wish_area ON wish (area, wish_id)",
    "CREATE INDEX wish_open ON wish (expires_on) WHERE status = 'collected'",
    "CREATE INDEX wish_erase ON wish (erase_on) WHERE erase_on IS NOT NULL",
    """
    CREATE TABLE wish_claim (
        claim_id    uuid PRIMARY KEY,
        wish_id     uuid NOT NULL REFERENCES wish,
        holder_id   uuid NOT NULL,
        holder_kind text NOT NULL,
        claimed_at  timestamptz NOT NULL,
        released_at timestamptz
    )
    """,
    "CREATE UNIQUE INDEX claimed_by_one ON wish_claim (wish_id) WHERE released_at IS NULL",
    "CREATE INDEX wish_claim_holder ON wish_claim (holder_id)",
)

KINDS = {
    "volunteer_team": TeamKind,
    "volunteer_service": ServiceKind,
    "difficulty": DifficultyKind,
    "help_grade": HelpGrade,
    "help_measure": HelpMeasure,
    "wish": WishKind,
}


def upgrade() -> None:
    seeds = (
        seed_kinds(family, {kind.value: kind.label for kind in kinds})
        for family, kinds in KINDS.items()
    )
    for statement in (*TEAMS, *MENU, *HELP, *WISHES, *seeds, seed_rules(*FIRST_VERSIONS)):
        op.execute(statement)
