"""What lists of a whole province need: indexes that hold when there are a million members.

Some replace one of the same name that lacked a column; none changes what is kept.
"""

from alembic import op

revision = "0012"
down_revision = "0011"

MEMBERS = (
    # One index for each of its columns alone, too: the few codes before it are skipped over.
    "CREATE INDEX member_profile ON member (education, work_status, occupation, area)",
    "CREATE INDEX member_left ON member (leaving, area, member_id) WHERE leaving IS NOT NULL",
    "CREATE INDEX member_health ON member (health, area, member_id) WHERE health <> 'able'",
    "CREATE INDEX member_hardship ON member (area, member_id) WHERE hardship",
)

# A page of what is due soon reads the index alone until it finds something to be reminded of.
DUTIES = (
    "DROP INDEX duty_short",
    "CREATE INDEX duty_short ON duty (area, due_on, duty_id, remind_on) WHERE held < needed",
    "DROP INDEX duty_short_kind",
    """
    CREATE INDEX duty_short_kind ON duty (kind, area, due_on, duty_id, remind_on)
     WHERE held < needed
    """,
)

# Beside those of what stands: what was cleared, too.
ALERTS = (
    "CREATE INDEX alert_all ON alert (area, alert_id)",
    "CREATE INDEX alert_subject ON alert (subject_id, alert_id)",
    "CREATE INDEX alert_all_organisation ON alert (organisation_id, alert_id)",
)

ORGANISATIONS = ("CREATE INDEX organisation_category ON organisation (category, code)",)


def upgrade() -> None:
    for statement in (*MEMBERS, *DUTIES, *ALERTS, *ORGANISATIONS):
        op.execute(statement)
