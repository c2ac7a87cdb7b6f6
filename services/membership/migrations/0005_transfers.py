"""Transfers of membership, and dues."""

from datetime import date

from alembic import op

from contracts.kinds.alerts import Severity
from contracts.kinds.transfers import ReturnReason, TransferCause
from services.chassis.kinds import seed_statement
from services.chassis.rulebook import seed_statement as rules_statement
from services.chassis.rules import Stated
from services.membership.domain.dues.decisions import DuesReturnShare, ExtraDues
from services.membership.domain.dues.rates import (
    Bracket,
    DuesRounding,
    FixedDues,
    RetiredDues,
    SalariedDues,
)
from services.membership.domain.transfers import LetterReminder, LetterValidity

revision = "0005"
down_revision = "0004"

DUES_2008 = "《关于中国共产党党费收缴、使用和管理的规定》"
SINCE_2008 = date(2008, 4, 1)
EDUCATION_2019 = "《中国共产党党员教育管理工作条例》"
SINCE_2019 = date(2019, 5, 6)

FIRST_RULES = (
    Stated(
        LetterValidity(default_days=30, most_days=90),
        "2019",
        SINCE_2019,
        Severity.BLOCK,
        f"{EDUCATION_2019}第二十五条（期限从各地通行做法：一般三十天，最长九十天）",
    ),
    Stated(
        LetterReminder(days_before=7),
        "1",
        SINCE_2019,
        Severity.WARN,
        "本系统设定：到期前七天催办",
    ),
    Stated(
        SalariedDues(
            brackets=(
                Bracket(up_to=300_000, rate=50),
                Bracket(up_to=500_000, rate=100),
                Bracket(up_to=1_000_000, rate=150),
                Bracket(up_to=None, rate=200),
            )
        ),
        "2008",
        SINCE_2008,
        Severity.BLOCK,
        f"{DUES_2008}第二条至第四条",
    ),
    Stated(
        RetiredDues(brackets=(Bracket(up_to=500_000, rate=50), Bracket(up_to=None, rate=100))),
        "2008",
        SINCE_2008,
        Severity.BLOCK,
        f"{DUES_2008}第五条",
    ),
    Stated(
        FixedDues(farmer_least=20, farmer_most=100, other=20),
        "2008",
        SINCE_2008,
        Severity.BLOCK,
        f"{DUES_2008}第六条",
    ),
    Stated(DuesRounding(step=1), "1", SINCE_2008, Severity.HINT, "本系统设定：四舍五入，计至分"),
    Stated(ExtraDues(at_once=100_000), "2008", SINCE_2008, Severity.WARN, f"{DUES_2008}第十一条"),
    Stated(
        DuesReturnShare(
            percent=0,
            kinds=("enterprise-branch", "social-branch", "new-branch", "attached-branch"),
        ),
        "1",
        SINCE_2008,
        Severity.HINT,
        "由区县按本地文件规定；尚未规定",
    ),
)

TRANSFERS = (
    """
    CREATE TABLE transfer_setting (
        organisation_id uuid PRIMARY KEY REFERENCES organisation,
        validity_days   int  NOT NULL CHECK (validity_days > 0),
        version         int  NOT NULL
    )
    """,
    # Counted up under the row's lock and given back by a rollback: no number is skipped.
    """
    CREATE TABLE letter_book (
        issuer_id uuid NOT NULL REFERENCES organisation,
        year      int  NOT NULL,
        last      int  NOT NULL CHECK (last > 0),
        PRIMARY KEY (issuer_id, year)
    )
    """,
    """
    CREATE TABLE transfer (
        transfer_id    uuid PRIMARY KEY,
        member_id      uuid NOT NULL,
        direction      text NOT NULL,
        cause          text NOT NULL,
        from_id        uuid REFERENCES organisation,
        to_id          uuid REFERENCES organisation,
        counterpart    text,
        area           text COLLATE "C" NOT NULL,
        to_area        text COLLATE "C",
        issuer_id      uuid REFERENCES organisation,
        letter_year    int,
        letter_number  int,
        outside_letter text,
        sent_on        date NOT NULL,
        valid_until    date NOT NULL,
        state          text NOT NULL,
        reason         text,
        reminded       int  NOT NULL DEFAULT 0,
        reminds_on     date NOT NULL,
        closed_on      date,
        paid_through   date,
        identity_digest bytea,
        version        int  NOT NULL,
        recorded_at    timestamptz NOT NULL,
        UNIQUE (issuer_id, letter_year, letter_number),
        CHECK (from_id IS DISTINCT FROM to_id),
        CHECK (valid_until >= sent_on),
        CHECK ((state = 'returned') = (reason IS NOT NULL)),
        CHECK ((state = 'sent') = (closed_on IS NULL)),
        CHECK ((direction = 'in') = (from_id IS NULL)),
        CHECK ((direction = 'out') = (to_id IS NULL))
    )
    """,
    # At most one transfer of a member is open, whoever opens it.
    "CREATE UNIQUE INDEX transfer_open ON transfer (member_id) WHERE state = 'sent'",
    """
    CREATE UNIQUE INDEX transfer_open_identity ON transfer (identity_digest)
        WHERE state = 'sent' AND identity_digest IS NOT NULL
    """,
    "CREATE INDEX transfer_area ON transfer (area, transfer_id)",
    "CREATE INDEX transfer_to_area ON transfer (to_area, transfer_id)",
    "CREATE INDEX transfer_member ON transfer (member_id, transfer_id)",
    "CREATE INDEX transfer_from ON transfer (from_id) WHERE state = 'sent'",
    "CREATE INDEX transfer_to ON transfer (to_id) WHERE state = 'sent'",
    "CREATE INDEX transfer_due ON transfer (valid_until) WHERE state = 'sent'",
    "CREATE INDEX transfer_remind ON transfer (reminds_on) WHERE state = 'sent' AND reminded = 0",
)

DUES = (
    # Whose dues are charged by the month; locked before anything of theirs changes.
    """
    CREATE TABLE dues_account (
        member_id       uuid PRIMARY KEY REFERENCES member,
        charged_through date NOT NULL,
        checked_through date NOT NULL,
        stopped         boolean NOT NULL DEFAULT false
    )
    """,
    """
    CREATE INDEX dues_account_charge ON dues_account (charged_through, member_id)
        WHERE NOT stopped
    """,
    "CREATE INDEX dues_account_check ON dues_account (checked_through, member_id)",
    # What somebody earns is not here: the due it led to, and the bracket.
    """
    CREATE TABLE dues_standard (
        standard_id  uuid PRIMARY KEY,
        member_id    uuid NOT NULL REFERENCES dues_account,
        from_month   date NOT NULL CHECK (extract(day FROM from_month) = 1),
        payer        text NOT NULL,
        bracket      text NOT NULL,
        monthly      int  NOT NULL CHECK (monthly >= 0),
        rhythm       text NOT NULL,
        rule         text NOT NULL,
        rule_version text NOT NULL,
        recorded_at  timestamptz NOT NULL
    )
    """,
    "CREATE INDEX dues_standard_member ON dues_standard (member_id, from_month, standard_id)",
    """
    CREATE TABLE dues_relief (
        relief_id       uuid PRIMARY KEY,
        member_id       uuid NOT NULL REFERENCES member,
        organisation_id uuid NOT NULL REFERENCES organisation,
        area            text COLLATE "C" NOT NULL,
        kind            text NOT NULL,
        monthly         int  NOT NULL CHECK (monthly >= 0),
        from_month      date NOT NULL,
        to_month        date NOT NULL,
        studied_on      date NOT NULL,
        state           text NOT NULL,
        approver_id     uuid REFERENCES organisation,
        decided_on      date,
        version         int  NOT NULL,
        recorded_at     timestamptz NOT NULL,
        CHECK (state = 'ended' OR to_month >= from_month),
        CONSTRAINT one_relief_a_month EXCLUDE USING gist (
            int8range(hashtextextended(member_id::text, 5), hashtextextended(member_id::text, 5),
                      '[]') WITH =,
            daterange(from_month, to_month, '[]') WITH &&
        ) WHERE (state <> 'refused' AND to_month >= from_month)
    )
    """,
    "CREATE INDEX dues_relief_area ON dues_relief (area, relief_id)",
    "CREATE INDEX dues_relief_member ON dues_relief (member_id, from_month)",
    """
    CREATE TABLE dues_payment (
        payment_id      uuid PRIMARY KEY,
        member_id       uuid NOT NULL REFERENCES member,
        organisation_id uuid NOT NULL REFERENCES organisation,
        area            text COLLATE "C" NOT NULL,
        receipt         text COLLATE "C" NOT NULL,
        purpose         text NOT NULL,
        channel         text NOT NULL,
        destination     text NOT NULL,
        paid_on         date NOT NULL,
        amount          int  NOT NULL CHECK (amount > 0),
        months          date[] NOT NULL,
        reversed_on     date,
        reversal        text,
        version         int  NOT NULL,
        recorded_at     timestamptz NOT NULL
    )
    """,
    """
    CREATE UNIQUE INDEX dues_payment_receipt ON dues_payment (organisation_id, receipt)
        WHERE reversed_on IS NULL
    """,
    "CREATE INDEX dues_payment_area ON dues_payment (area, payment_id)",
    "CREATE INDEX dues_payment_member ON dues_payment (member_id, payment_id)",
    "CREATE INDEX dues_payment_organisation ON dues_payment (organisation_id, paid_on)",
    # The ledger: what is owed is positive, what is waived or paid negative. Never edited.
    """
    CREATE TABLE dues_entry (
        entry_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        member_id       uuid NOT NULL REFERENCES member,
        organisation_id uuid NOT NULL REFERENCES organisation,
        area            text COLLATE "C" NOT NULL,
        month           date NOT NULL CHECK (extract(day FROM month) = 1),
        kind            text NOT NULL,
        amount          int  NOT NULL CHECK (amount <> 0),
        source_id       uuid NOT NULL,
        entered_on      date NOT NULL,
        recorded_at     timestamptz NOT NULL
    )
    """,
    "CREATE INDEX dues_entry_member ON dues_entry (member_id, month)",
    "CREATE INDEX dues_entry_area ON dues_entry (area, entered_on)",
    "CREATE INDEX dues_entry_source ON dues_entry (source_id)",
    # Sums of the entries, kept in the same transactions: lists of arrears read an index. What was
    # paid ahead stands uncharged until its month comes.
    """
    CREATE TABLE dues_balance (
        member_id       uuid NOT NULL REFERENCES dues_account,
        month           date NOT NULL,
        organisation_id uuid NOT NULL,
        area            text COLLATE "C" NOT NULL,
        due_on          date NOT NULL,
        charged         int,
        waived          int  NOT NULL DEFAULT 0,
        paid            int  NOT NULL DEFAULT 0,
        PRIMARY KEY (member_id, month)
    )
    """,
    """
    CREATE INDEX dues_balance_open ON dues_balance (area, member_id, month)
        INCLUDE (organisation_id, due_on, charged, waived, paid) WHERE charged - waived > paid
    """,
    """
    CREATE INDEX dues_balance_month ON dues_balance (organisation_id, month)
        INCLUDE (charged, waived, paid)
    """,
    """
    CREATE TABLE dues_month (
        organisation_id uuid NOT NULL REFERENCES organisation,
        month           date NOT NULL,
        area            text COLLATE "C" NOT NULL,
        headcount       int  NOT NULL,
        amount          bigint NOT NULL,
        version         int  NOT NULL,
        PRIMARY KEY (organisation_id, month)
    )
    """,
    "CREATE INDEX dues_month_area ON dues_month (area, month, organisation_id)",
    """
    CREATE TABLE dues_return (
        return_id         uuid PRIMARY KEY,
        organisation_id   uuid NOT NULL REFERENCES organisation,
        organisation_kind text NOT NULL,
        area              text COLLATE "C" NOT NULL,
        year              int  NOT NULL,
        base_amount       bigint NOT NULL,
        percent           int  NOT NULL,
        amount            bigint NOT NULL,
        rule_version      text NOT NULL,
        returned_on       date NOT NULL,
        reversed_on       date,
        reversal          text,
        version           int  NOT NULL,
        recorded_at       timestamptz NOT NULL
    )
    """,
    """
    CREATE UNIQUE INDEX dues_return_year ON dues_return (organisation_id, year)
        WHERE reversed_on IS NULL
    """,
    "CREATE INDEX dues_return_area ON dues_return (area, return_id)",
    """
    CREATE FUNCTION refuse_dues_edit() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'dues are append-only; reverse the entry' USING ERRCODE = '55000';
    END $$
    """,
    """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON dues_entry
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_dues_edit()
    """,
    # Of a payment only that it was reversed may still be written, once.
    """
    CREATE TRIGGER reversed_only BEFORE UPDATE ON dues_payment FOR EACH ROW
        WHEN (OLD.reversed_on IS NOT NULL
              OR (OLD.member_id, OLD.organisation_id, OLD.receipt, OLD.purpose, OLD.paid_on,
                  OLD.amount, OLD.months)
                 IS DISTINCT FROM
                 (NEW.member_id, NEW.organisation_id, NEW.receipt, NEW.purpose, NEW.paid_on,
                  NEW.amount, NEW.months))
        EXECUTE FUNCTION refuse_dues_edit()
    """,
    """
    CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON dues_payment
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_dues_edit()
    """,
)


def upgrade() -> None:
    seeds = (
        seed_statement("transfer-cause", {kind.value: kind.label for kind in TransferCause}),
        seed_statement("transfer-return", {kind.value: kind.label for kind in ReturnReason}),
        rules_statement(*FIRST_RULES),
    )
    for statement in (*TRANSFERS, *DUES, *seeds):
        op.execute(statement)
