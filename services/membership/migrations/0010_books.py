"""The organisations' books: one table for registers, funds and tasks; profile numbers beside it."""

import json
from datetime import date

from alembic import op

from contracts.kinds.alerts import Severity
from contracts.kinds.books import (
    STANDING_REGISTERS,
    FundKind,
    ProfileKind,
    RegisterKind,
    TaskKind,
)
from contracts.kinds.labelled import Labelled
from services.chassis.kinds import seed_statement
from services.chassis.rulebook import seed_statement as seed_rules
from services.chassis.rules import Stated
from services.membership.domain.books import FundMinimum, MeritCycle, TaskNotice

revision = "0010"
down_revision = "0009"

TABLES: tuple[str, ...] = (
    """
    CREATE TABLE book_entry (
        entry_id        uuid PRIMARY KEY,
        book            text NOT NULL,
        kind            text NOT NULL,
        code            text COLLATE "C" UNIQUE,
        area            text COLLATE "C" NOT NULL REFERENCES area,
        organisation_id uuid REFERENCES organisation,
        label           text NOT NULL,
        remark          text NOT NULL DEFAULT '',
        reference       text NOT NULL DEFAULT '',
        duration        text NOT NULL,
        rank            text NOT NULL,
        quantity        bigint NOT NULL,
        bound           text NOT NULL,
        amount_fen      bigint NOT NULL DEFAULT 0,
        amount_bound    text NOT NULL,
        state           text,
        due_on          date,
        parent_id       uuid REFERENCES book_entry,
        subject_ids     uuid[] NOT NULL DEFAULT '{}',
        day             date NOT NULL,
        occurred_at     timestamptz NOT NULL,
        ended_at        timestamptz,
        withdrawn_at    timestamptz,
        version         int NOT NULL,
        recorded_at     timestamptz NOT NULL,
        CHECK (quantity >= 0 AND amount_fen >= 0),
        CHECK ((book = 'task') = (state IS NOT NULL))
    )
    """,
    "CREATE INDEX book_entry_area ON book_entry (book, area, entry_id)",
    "CREATE INDEX book_entry_organisation ON book_entry (organisation_id, book, entry_id)",
    "CREATE INDEX book_entry_fund ON book_entry (day, kind, area) WHERE book = 'fund'",
    "CREATE INDEX book_entry_subjects ON book_entry USING gin (subject_ids)",
    """
    CREATE INDEX book_entry_due ON book_entry (due_on, entry_id)
     WHERE state IN ('open', 'under-way') AND withdrawn_at IS NULL
    """,
    """
    CREATE TABLE profile_number (
        entry_id     uuid PRIMARY KEY,
        area         text COLLATE "C" NOT NULL REFERENCES area,
        kind         text NOT NULL,
        quantity     bigint NOT NULL CHECK (quantity >= 0),
        source       text NOT NULL,
        day          date NOT NULL,
        occurred_at  timestamptz NOT NULL,
        withdrawn_at timestamptz,
        version      int NOT NULL,
        recorded_at  timestamptz NOT NULL
    )
    """,
    # One number of a kind, an area and a day: a second one is a correction.
    """
    CREATE UNIQUE INDEX profile_number_day ON profile_number (area, kind, day)
     WHERE withdrawn_at IS NULL
    """,
)

LAST = date(2019, 1, 1)
RULES = (
    Stated(
        FundMinimum(kinds=[FundKind.PARTY, FundKind.SERVICE], least_fen=5_000_000),
        "2019",
        LAST,
        Severity.WARN,
        "区级财政预算：每个社区党建及服务群众工作经费不低于规定标准（金额由各区设定）",
    ),
    Stated(MeritCycle(months=6), "2019", LAST, Severity.HINT, "街道制度：每半年评选一次优秀党员"),
    Stated(TaskNotice(days=7), "2019", LAST, Severity.WARN, "街道制度：任务到期前提醒"),
)


def _seeds(family: str, kinds: type[Labelled]) -> str:
    return seed_statement(family, {kind.value: kind.label for kind in kinds})


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    op.execute(_seeds("register", RegisterKind))
    op.execute(_seeds("fund", FundKind))
    op.execute(_seeds("task", TaskKind))
    op.execute(_seeds("profile", ProfileKind))
    standing = ", ".join(f"'{kind.value}'" for kind in sorted(STANDING_REGISTERS))
    traits = json.dumps({"standing": True}).replace(":", "\\:")
    op.execute(
        f"UPDATE kind SET traits = '{traits}'"  # noqa: S608  our own constants
        f" WHERE family = 'register' AND code IN ({standing})"
    )
    op.execute(seed_rules(*RULES))
