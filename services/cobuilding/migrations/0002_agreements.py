"""Agreements, the editions of their text, signatures, reminders, undertakings and evidence."""

from alembic import op

from contracts.kinds.agreements import AgreementKind, EndReason, Side, SigningManner
from contracts.kinds.undertakings import UndertakingKind, VoidReason
from services.chassis.kinds import Seed, seeds_statement
from services.chassis.rulebook import seed_statement
from services.cobuilding.domain.agreements import reminders

revision = "0002"
down_revision = "0001"

TABLES: tuple[str, ...] = (
    """
    CREATE TABLE agreement (
        agreement_id          uuid PRIMARY KEY,
        number                text NOT NULL UNIQUE,
        kind                  text NOT NULL,
        title                 text NOT NULL,
        area                  text COLLATE "C" NOT NULL,
        organisation_id       uuid NOT NULL REFERENCES organisation,
        unit_id               uuid NOT NULL REFERENCES unit,
        unit_kind             text NOT NULL,
        status                text NOT NULL,
        edition               int  NOT NULL,
        reckoning             text NOT NULL,
        first_day             date NOT NULL,
        last_day              date NOT NULL,
        stated_last_day       date NOT NULL,
        renewal_months        int,
        renewal_most          int  NOT NULL,
        notice_days           int  NOT NULL,
        extensions            int  NOT NULL,
        extended_since_stated int  NOT NULL,
        objected_on           date,
        answer_by             date,
        predecessor_id        uuid REFERENCES agreement,
        offered_on            date,
        digest                text,
        effective_from        date,
        terminates_on         date,
        ended_on              date,
        end_reason            text,
        clauses               jsonb NOT NULL,
        promises              jsonb NOT NULL,
        wakes_on              date,
        version               int  NOT NULL,
        recorded_at           timestamptz NOT NULL,
        CHECK (first_day <= last_day)
    )
    """,
    "CREATE INDEX agreement_area ON agreement (area, agreement_id)",
    "CREATE INDEX agreement_unit ON agreement (unit_id, agreement_id)",
    "CREATE INDEX agreement_organisation ON agreement (organisation_id, agreement_id)",
    (
        "CREATE INDEX agreement_end ON agreement (area, last_day, agreement_id)"
        " WHERE status = 'effective'"
    ),
    (
        "CREATE INDEX agreement_predecessor ON agreement (predecessor_id)"
        " WHERE predecessor_id IS NOT NULL"
    ),
    "CREATE INDEX agreement_wakes ON agreement (wakes_on, agreement_id) WHERE wakes_on IS NOT NULL",
    """
    CREATE TABLE agreement_edition (
        agreement_id uuid NOT NULL REFERENCES agreement,
        edition      int  NOT NULL,
        content      jsonb NOT NULL,
        digest       text NOT NULL,
        made_at      timestamptz NOT NULL,
        made_by      text NOT NULL,
        PRIMARY KEY (agreement_id, edition)
    )
    """,
    """
    CREATE TABLE signature (
        signature_id uuid PRIMARY KEY,
        agreement_id uuid NOT NULL,
        edition      int  NOT NULL,
        side         text NOT NULL,
        manner       text NOT NULL,
        signed_on    date NOT NULL,
        digest       text NOT NULL,
        scan_digest  text,
        actor        text NOT NULL,
        recorded_at  timestamptz NOT NULL,
        voided_at    timestamptz,
        void_reason  text,
        FOREIGN KEY (agreement_id, edition) REFERENCES agreement_edition
    )
    """,
    # Sides sign, not persons, each once.
    "CREATE UNIQUE INDEX signature_side ON signature (agreement_id, side) WHERE voided_at IS NULL",
    "CREATE INDEX signature_agreement ON signature (agreement_id, recorded_at)",
    """
    CREATE TABLE amendment (
        amendment_id     uuid PRIMARY KEY,
        agreement_id     uuid NOT NULL REFERENCES agreement,
        area             text COLLATE "C" NOT NULL,
        of_edition       int  NOT NULL,
        status           text NOT NULL,
        reason           text NOT NULL,
        last_day         date,
        lines            jsonb NOT NULL,
        changes          jsonb NOT NULL,
        digest           text,
        office_signed_on date,
        unit_signed_on   date,
        version          int  NOT NULL,
        recorded_at      timestamptz NOT NULL
    )
    """,
    # One at a time.
    (
        "CREATE UNIQUE INDEX amendment_open ON amendment (agreement_id)"
        " WHERE status IN ('drafted', 'offered', 'half-signed')"
    ),
    "CREATE INDEX amendment_area ON amendment (area, amendment_id)",
    "CREATE INDEX amendment_agreement ON amendment (agreement_id, amendment_id)",
    """
    CREATE TABLE reminder (
        agreement_id uuid NOT NULL REFERENCES agreement,
        act_by       date NOT NULL,
        days         int  NOT NULL,
        reminder_id  uuid NOT NULL,
        fired        boolean NOT NULL,
        days_left    int  NOT NULL,
        recorded_at  timestamptz NOT NULL,
        PRIMARY KEY (agreement_id, act_by, days)
    )
    """,
    """
    CREATE TABLE undertaking (
        undertaking_id uuid PRIMARY KEY,
        agreement_id   uuid NOT NULL REFERENCES agreement,
        unit_id        uuid NOT NULL REFERENCES unit,
        unit_kind      text NOT NULL,
        area           text COLLATE "C" NOT NULL,
        line           int  NOT NULL,
        side           text NOT NULL,
        kind           text NOT NULL,
        text           text NOT NULL,
        measure        text,
        every          text,
        first_day      date NOT NULL,
        due_on         date NOT NULL,
        status         text NOT NULL,
        fell_due       boolean NOT NULL,
        evidence       int  NOT NULL,
        assessed_on    date,
        version        int  NOT NULL,
        recorded_at    timestamptz NOT NULL
    )
    """,
    "CREATE INDEX undertaking_area ON undertaking (area, due_on, undertaking_id)",
    "CREATE INDEX undertaking_agreement ON undertaking (agreement_id, undertaking_id)",
    "CREATE INDEX undertaking_unit ON undertaking (unit_id, due_on, undertaking_id)",
    (
        "CREATE INDEX undertaking_falls_due ON undertaking (due_on, undertaking_id)"
        " WHERE NOT fell_due AND status <> 'void'"
    ),
    """
    CREATE TABLE evidence (
        evidence_id    uuid PRIMARY KEY,
        undertaking_id uuid NOT NULL REFERENCES undertaking,
        done_on        date NOT NULL,
        text           text NOT NULL,
        actor          text NOT NULL,
        recorded_at    timestamptz NOT NULL
    )
    """,
    "CREATE INDEX evidence_undertaking ON evidence (undertaking_id, recorded_at)",
)

FORMALITIES = {
    AgreementKind.TWO_WAY: {"signing": SigningManner.BOTH.value},
    AgreementKind.MERCHANT: {"signing": SigningManner.SIGNATURE.value},
    AgreementKind.POSTED: {"signing": SigningManner.SEAL.value, "signs-first": Side.UNIT.value},
}
"""Else a seal is enough, and either side signs first."""

SEEDS = (
    seeds_statement(
        "agreement", [Seed(kind, traits=FORMALITIES.get(kind, {})) for kind in AgreementKind]
    ),
    seeds_statement("agreement-end", [Seed(kind) for kind in EndReason]),
    seeds_statement("undertaking", [Seed(kind) for kind in UndertakingKind]),
    seeds_statement("undertaking-void", [Seed(kind) for kind in VoidReason]),
    seed_statement(*reminders.SEEDS),
)


def upgrade() -> None:
    for statement in (*TABLES, *SEEDS):
        op.execute(statement)
