"""The tables the chassis keeps in every service's database, for its first migration."""

TABLES: tuple[str, ...] = (
    # The permanent log. `id` is drawn in commit-blocking order within an aggregate only.
    """
    CREATE TABLE event_log (
        id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        event_id          uuid        NOT NULL UNIQUE,
        type              text        NOT NULL,
        aggregate_id      uuid        NOT NULL,
        aggregate_version int         NOT NULL CHECK (aggregate_version > 0),
        subject           text        NOT NULL,
        traceparent       text,
        occurred_at       timestamptz NOT NULL,
        recorded_at       timestamptz NOT NULL,
        body              text        NOT NULL,
        UNIQUE (aggregate_id, aggregate_version)
    )
    """,
    """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the event log is append-only' USING ERRCODE = '55000'; END $$
    """,
    """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event_log
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    # Which of them still await publication: a narrow queue, emptied by the relay.
    """
    CREATE TABLE outbox (
        id        bigint PRIMARY KEY,
        staged_at timestamptz NOT NULL DEFAULT now()
    ) WITH (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 5000)
    """,
    # How far publication got, and into which incarnation of the stream.
    """
    CREATE TABLE relay_state (
        singleton      boolean PRIMARY KEY DEFAULT true CHECK (singleton),
        published      bigint  NOT NULL DEFAULT 0,
        stream_seq     bigint  NOT NULL DEFAULT 0,
        stream_created timestamptz,
        last_event_id  uuid
    )
    """,
    "INSERT INTO relay_state DEFAULT VALUES",
    # What each consumer has already acted on: one row an aggregate, because versions are dense.
    """
    CREATE TABLE inbox (
        consumer     text NOT NULL,
        aggregate_id uuid NOT NULL,
        version      int  NOT NULL,
        event_id     uuid NOT NULL,
        handled_at   timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (consumer, aggregate_id)
    )
    """,
    """
    CREATE TABLE parked (
        parked_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        consumer     text NOT NULL,
        event_id     uuid,
        aggregate_id uuid,
        version      int,
        type         text,
        subject      text NOT NULL,
        body         bytea NOT NULL,
        digest       bytea GENERATED ALWAYS AS (sha256(body)) STORED,
        reason       text NOT NULL,
        attempts     int  NOT NULL,
        parked_at    timestamptz NOT NULL DEFAULT now(),
        UNIQUE (consumer, digest)
    )
    """,
    "CREATE INDEX parked_aggregate ON parked (consumer, aggregate_id)",
    """
    CREATE TABLE idempotency (
        actor       text NOT NULL,
        key         text NOT NULL,
        fingerprint bytea NOT NULL,
        status      smallint,
        headers     jsonb,
        body        text,
        claimed_at  timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (actor, key)
    )
    """,
    """
    CREATE TABLE kind (
        family         text NOT NULL,
        code           text NOT NULL,
        label          text NOT NULL,
        effective_from date NOT NULL DEFAULT '0001-01-01',
        effective_to   date,
        PRIMARY KEY (family, code)
    )
    """,
)

# Added by the second migration of every service that keeps kinds.
KINDS_AND_RULES: tuple[str, ...] = (
    "ALTER TABLE kind ADD COLUMN parent text",
    # What rules ask of a kind, such as whether it takes members of its own.
    "ALTER TABLE kind ADD COLUMN traits jsonb NOT NULL DEFAULT '{}'",
    "ALTER TABLE kind ADD COLUMN position int NOT NULL DEFAULT 0",
    # 0 for what the project seeded; then one for each edit, hence the version of its event.
    "ALTER TABLE kind ADD COLUMN version int NOT NULL DEFAULT 0",
    """
    CREATE TABLE rule (
        code           text NOT NULL,
        version        text NOT NULL,
        effective_from date NOT NULL,
        severity       text NOT NULL,
        source         text NOT NULL,
        parameters     jsonb NOT NULL,
        recorded_at    timestamptz NOT NULL DEFAULT now(),
        recorded_by    text,
        PRIMARY KEY (code, effective_from),
        UNIQUE (code, version)
    )
    """,
)

PERSONS: tuple[str, ...] = (
    # A person without a key was erased; the row stays, so that nothing is ever kept of them again.
    """
    CREATE TABLE person (
        person_id uuid PRIMARY KEY,
        key       bytea,
        sealed    jsonb NOT NULL,
        erased_at timestamptz
    )
    """,
    """
    CREATE TABLE person_index (
        field     text  NOT NULL,
        digest    bytea NOT NULL,
        person_id uuid  NOT NULL REFERENCES person,
        PRIMARY KEY (field, digest, person_id)
    )
    """,
    "CREATE INDEX person_index_person ON person_index (person_id)",
    """
    CREATE TABLE personal_reading (
        reading_id uuid PRIMARY KEY,
        person_id  uuid NOT NULL,
        actor      text NOT NULL,
        fields     text[] NOT NULL,
        purpose    text NOT NULL,
        read_at    timestamptz NOT NULL,
        area       text COLLATE "C"
    )
    """,
    "CREATE INDEX personal_reading_person ON personal_reading (person_id, read_at)",
    "CREATE INDEX personal_reading_actor ON personal_reading (actor, read_at)",
)
"""For a service that keeps personal data."""

ALERTS: tuple[str, ...] = (
    """
    CREATE TABLE alert (
        alert_id        uuid PRIMARY KEY,
        kind            text NOT NULL,
        subject_id      uuid NOT NULL,
        key             text COLLATE "C" NOT NULL DEFAULT '',
        area            text COLLATE "C" NOT NULL,
        organisation_id uuid,
        severity        text NOT NULL,
        rule            text,
        rule_version    text,
        due_on          date,
        facts           jsonb NOT NULL DEFAULT '{}',
        version         int NOT NULL,
        raised_at       timestamptz NOT NULL,
        cleared_at      timestamptz
    )
    """,
    # One open alert of a kind about a thing (and a key, where there may be several).
    """
    CREATE UNIQUE INDEX alert_open ON alert (kind, subject_id, key) WHERE cleared_at IS NULL
    """,
    "CREATE INDEX alert_area ON alert (area, alert_id) WHERE cleared_at IS NULL",
    "CREATE INDEX alert_organisation ON alert (organisation_id, alert_id) WHERE cleared_at IS NULL",
    "CREATE INDEX alert_all ON alert (area, alert_id)",
    "CREATE INDEX alert_all_organisation ON alert (organisation_id, alert_id)",
    "CREATE INDEX alert_subject ON alert (subject_id, alert_id)",
)
"""For a service that raises alerts (`alerts.py`)."""
