"""HTTP routes of working members (在职党员进社区)."""

from services.membership.api.working import (
    employers,
    exports,
    feedback,
    posts,
    records,
    registrants,
)

routers = (
    employers.commands,
    employers.queries,
    exports.queries,  # before the things themselves: `export` is nobody's id
    feedback.commands,
    feedback.queries,
    registrants.commands,
    registrants.queries,
    posts.commands,
    posts.queries,
    records.commands,
    records.queries,
)
