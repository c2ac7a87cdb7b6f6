"""HTTP routes of working members (在职党员进社区)."""

from services.membership.api.working import employers, feedback, posts, records, registrants

routers = (
    employers.commands,
    employers.queries,
    registrants.files,  # before the things themselves: `export` is nobody's id
    posts.files,
    records.files,
    feedback.commands,
    feedback.queries,
    registrants.commands,
    registrants.queries,
    posts.commands,
    posts.queries,
    records.commands,
    records.queries,
)
