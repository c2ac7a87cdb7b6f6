"""Members as rows: the roll, its history, the steps of joining, who looks after whom."""

from services.membership.tables.members.rows import (
    AttachmentRow,
    HeadcountRow,
    HistoryRow,
    MemberRow,
    StepRow,
)
from services.membership.tables.members.store import (
    NewMember,
    among,
    code_taken,
    history,
    identity_known,
    insert_many,
    member,
    members_of,
    open_attachment,
    steps,
)

__all__ = [
    "AttachmentRow",
    "HeadcountRow",
    "HistoryRow",
    "MemberRow",
    "NewMember",
    "StepRow",
    "among",
    "code_taken",
    "history",
    "identity_known",
    "insert_many",
    "member",
    "members_of",
    "open_attachment",
    "steps",
]
