"""HTTP routes of activities: what is held, who came, what came of it."""

from services.membership.api.activities import attendance, commands, lists, outputs

routers = (
    lists.queries,
    commands.commands,
    outputs.commands,
    attendance.commands,
    attendance.queries,
)
