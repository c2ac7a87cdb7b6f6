"""Members as rows: the roll, its history, the steps of joining, who looks after whom."""

from services.membership.tables.members.lists import (
    Sought,
    birth_years,
    counts,
    listed,
    stated,
    structure,
)
from services.membership.tables.members.rows import (
    AttachmentRow,
    HeadcountRow,
    HistoryRow,
    MemberRow,
    StepRow,
    member_of,
)
from services.membership.tables.members.store import (
    attachments,
    code_taken,
    history,
    identity_known,
    insert_many,
    member,
    members_of,
    open_attachment,
    remember,
    state_on,
    steps,
)

__all__ = [
    "AttachmentRow",
    "HeadcountRow",
    "HistoryRow",
    "MemberRow",
    "Sought",
    "StepRow",
    "attachments",
    "birth_years",
    "code_taken",
    "counts",
    "history",
    "identity_known",
    "insert_many",
    "listed",
    "member",
    "member_of",
    "members_of",
    "open_attachment",
    "remember",
    "state_on",
    "stated",
    "steps",
    "structure",
]
