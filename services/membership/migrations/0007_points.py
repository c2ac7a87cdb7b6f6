"""The points ledger and the yearly appraisal."""

from alembic import op

from contracts.kinds.points import PointsRuleCode, PointsUnit, SubjectType
from services.chassis.rulebook import seed_statement
from services.membership.domain.appraisal import FIRST as APPRAISAL_RULES

revision = "0007"
down_revision = "0006"

POINTS = (
    # Versions of rules, each for an area and what lies in it; '' is everywhere.
    """
    CREATE TABLE points_rule (
        code           text COLLATE "C" NOT NULL,
        area           text COLLATE "C" NOT NULL DEFAULT '',
        version        int  NOT NULL CHECK (version > 0),
        label          text NOT NULL,
        subject_type   text,
        unit           text NOT NULL,
        amount         int  NOT NULL DEFAULT 0,
        least          int,
        most           int,
        daily_cap      int  CHECK (daily_cap > 0),
        yearly_cap     int  CHECK (yearly_cap > 0),
        effective_from date NOT NULL,
        effective_to   date CHECK (effective_to > effective_from),
        source         text NOT NULL,
        recorded_at    timestamptz NOT NULL DEFAULT now(),
        recorded_by    text,
        PRIMARY KEY (code, area, version),
        UNIQUE (code, area, effective_from),
        CHECK ((least IS NULL) = (most IS NULL) AND least <= most),
        CHECK (least IS NULL OR amount = 0)
    )
    """,
    """
    CREATE TABLE points_account (
        subject_id      uuid PRIMARY KEY,
        subject_type    text NOT NULL,
        area            text COLLATE "C" NOT NULL,
        organisation_id uuid,
        balance         bigint NOT NULL DEFAULT 0,
        entries         bigint NOT NULL DEFAULT 0
    )
    """,
    "CREATE INDEX points_account_area ON points_account (area, subject_type)",
    """
    CREATE INDEX points_account_organisation
        ON points_account (organisation_id, balance DESC, subject_id)
    """,
    """
    CREATE TABLE points_entry (
        entry_id        uuid PRIMARY KEY,
        subject_id      uuid NOT NULL REFERENCES points_account,
        subject_type    text NOT NULL,
        organisation_id uuid,
        area            text COLLATE "C" NOT NULL,
        rule_code       text COLLATE "C" NOT NULL,
        rule_area       text COLLATE "C" NOT NULL,
        rule_version    int  NOT NULL,
        source_type     text NOT NULL,
        source_id       uuid NOT NULL,
        revision        int  NOT NULL DEFAULT 0,
        times           int  NOT NULL CHECK (times > 0),
        amount          int  NOT NULL CHECK (amount <> 0),
        automatic       boolean NOT NULL,
        booked_on       date NOT NULL,
        reason          text NOT NULL,
        evidence        text,
        entered_by      text,
        reverses_id     uuid CONSTRAINT points_reversed_once UNIQUE REFERENCES points_entry,
        recorded_at     timestamptz NOT NULL,
        FOREIGN KEY (rule_code, rule_area, rule_version) REFERENCES points_rule
    )
    """,
    # A source counts once for a subject and a rule, whoever tells of it and however often.
    """
    CREATE UNIQUE INDEX points_once ON points_entry (source_id, rule_code, subject_id, revision)
        WHERE reverses_id IS NULL
    """,
    "CREATE INDEX points_entry_subject ON points_entry (subject_id, booked_on, entry_id)",
    "CREATE INDEX points_entry_organisation ON points_entry (organisation_id, entry_id)",
    "CREATE INDEX points_entry_area ON points_entry (area, entry_id)",
    """
    CREATE FUNCTION refuse_points_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '55000'; END $$
    """,
    """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON points_entry
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_points_change()
    """,
    """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON points_rule
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_points_change()
    """,
    # The balance follows the entries in their own transaction, and nothing else may touch it.
    """
    CREATE FUNCTION count_points() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE points_account SET balance = balance + NEW.amount, entries = entries + 1
         WHERE subject_id = NEW.subject_id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER counted AFTER INSERT ON points_entry
        FOR EACH ROW EXECUTE FUNCTION count_points()
    """,
    """
    CREATE FUNCTION refuse_balance_by_hand() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' OR TG_OP = 'INSERT' AND (NEW.balance, NEW.entries) <> (0, 0)
           OR TG_OP = 'UPDATE' AND pg_trigger_depth() < 2
              AND (NEW.balance, NEW.entries) <> (OLD.balance, OLD.entries) THEN
            RAISE EXCEPTION 'a balance follows its entries' USING ERRCODE = '55000';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER by_entries_only BEFORE INSERT OR UPDATE OR DELETE ON points_account
        FOR EACH ROW EXECUTE FUNCTION refuse_balance_by_hand()
    """,
)

APPRAISAL = (
    # `secret` keys the digests of those who handed in a sheet; it goes when the round is closed.
    """
    CREATE TABLE appraisal_round (
        round_id        uuid PRIMARY KEY,
        organisation_id uuid NOT NULL REFERENCES organisation,
        area            text COLLATE "C" NOT NULL,
        year            int  NOT NULL,
        state           text NOT NULL,
        secret          bytea,
        sheets          int  NOT NULL DEFAULT 0,
        ballots         int  NOT NULL DEFAULT 0,
        version         int  NOT NULL DEFAULT 1,
        opened_at       timestamptz NOT NULL,
        closed_at       timestamptz,
        UNIQUE (organisation_id, year),
        CHECK ((state = 'closed') = (secret IS NULL))
    )
    """,
    "CREATE INDEX appraisal_round_area ON appraisal_round (area, round_id)",
    # A member takes part once a year, whichever branch holds the round.
    """
    CREATE TABLE appraisal_participant (
        round_id           uuid NOT NULL REFERENCES appraisal_round,
        member_id          uuid NOT NULL REFERENCES member,
        year               int  NOT NULL,
        votes              boolean NOT NULL,
        mobile             boolean NOT NULL DEFAULT false,
        self_rating        text,
        feedback           text,
        peers_excellent    int NOT NULL DEFAULT 0,
        peers_qualified    int NOT NULL DEFAULT 0,
        peers_basic        int NOT NULL DEFAULT 0,
        peers_unqualified  int NOT NULL DEFAULT 0,
        ballot_excellent   int NOT NULL DEFAULT 0,
        ballot_qualified   int NOT NULL DEFAULT 0,
        ballot_basic       int NOT NULL DEFAULT 0,
        ballot_unqualified int NOT NULL DEFAULT 0,
        PRIMARY KEY (round_id, member_id),
        CONSTRAINT appraised_once_a_year UNIQUE (member_id, year)
    )
    """,
    # That somebody handed in a sheet, and nothing of what it said.
    """
    CREATE TABLE appraisal_sheet (
        round_id uuid  NOT NULL REFERENCES appraisal_round,
        digest   bytea NOT NULL,
        PRIMARY KEY (round_id, digest)
    )
    """,
    """
    CREATE TABLE appraisal_result (
        result_id       uuid PRIMARY KEY,
        round_id        uuid REFERENCES appraisal_round,
        organisation_id uuid NOT NULL REFERENCES organisation,
        area            text COLLATE "C" NOT NULL,
        member_id       uuid NOT NULL REFERENCES member,
        year            int  NOT NULL,
        result          text NOT NULL,
        points          int  NOT NULL,
        mobile          boolean NOT NULL,
        evidence        text,
        decided_at      timestamptz NOT NULL,
        recorded_at     timestamptz NOT NULL,
        UNIQUE (member_id, year)
    )
    """,
    "CREATE INDEX appraisal_result_area ON appraisal_result (area, result_id)",
    "CREATE INDEX appraisal_result_organisation ON appraisal_result (organisation_id, year)",
    """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON appraisal_result
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_points_change()
    """,
)

COLUMNS = (
    "code, label, subject_type, unit, amount, least, most, daily_cap, yearly_cap,"
    " effective_from, source"
)
SOURCE = "党员正负积分管理办法（示范分值，由区县修订）"
FIRST = "2010-01-01"
TIME, HOUR, POST, BY_OFFICER = (
    PointsUnit.TIME,
    PointsUnit.HOUR,
    PointsUnit.POST,
    PointsUnit.ENTRY,
)
SEEDS: tuple[
    tuple[
        PointsRuleCode,
        SubjectType | None,
        PointsUnit,
        int,
        tuple[int, int] | None,
        int | None,
        int | None,
    ],
    ...,
] = (
    # rule, subject (None: any), unit, amount a unit, limits by choice, daily cap, yearly cap
    (PointsRuleCode.ACTIVITY_ATTENDED, None, TIME, 2, None, None, 60),
    (PointsRuleCode.ACTIVITY_MISSED, None, TIME, -2, None, None, None),
    (PointsRuleCode.SERVICE_DONE, None, HOUR, 1, None, 8, 100),
    (PointsRuleCode.POST_FULFILLED, None, POST, 5, None, None, 20),
    (PointsRuleCode.VISIT_COMPLETED, SubjectType.ORGANISATION, TIME, 2, None, 4, 40),
    (PointsRuleCode.BOOKING_MISSED, SubjectType.ORGANISATION, TIME, -5, None, None, None),
    (PointsRuleCode.ERRAND_FINISHED, None, TIME, 2, None, 10, 60),
    (PointsRuleCode.WISH_FULFILLED, None, TIME, 3, None, None, 30),
    (PointsRuleCode.PLEDGE_KEPT, None, TIME, 5, None, None, 20),
    (PointsRuleCode.DONATION_MADE, None, TIME, 3, None, None, 12),
    (PointsRuleCode.DUTY_ATTENDED, None, TIME, 1, None, None, 60),
    (PointsRuleCode.DUTY_MISSED, None, TIME, -2, None, None, None),
    (PointsRuleCode.OFFICER_REWARD, None, BY_OFFICER, 0, (1, 20), None, 40),
    (PointsRuleCode.OFFICER_PENALTY, None, BY_OFFICER, 0, (-20, -1), None, None),
    (PointsRuleCode.OFFICER_ADJUSTMENT, None, BY_OFFICER, 0, (-20, 20), None, None),
)


def _value(value: object) -> str:
    return "NULL" if value is None else str(value) if isinstance(value, int) else f"'{value}'"


def _rules() -> str:
    rows = ", ".join(
        f"({', '.join(map(_value, row))})"
        for row in (
            (rule.value, rule.label, subject and subject.value, unit.value, amount)
            + (limits or (None, None))
            + (daily, yearly, FIRST, SOURCE, 1)
            for rule, subject, unit, amount, limits, daily, yearly in SEEDS
        )
    )
    return f"INSERT INTO points_rule ({COLUMNS}, version) VALUES {rows}"  # noqa: S608  our own constants


def upgrade() -> None:
    for statement in (*POINTS, _rules(), *APPRAISAL, seed_statement(*APPRAISAL_RULES)):
        op.execute(statement)
