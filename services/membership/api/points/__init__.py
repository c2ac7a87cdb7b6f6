"""HTTP routes of the points ledger."""

from services.membership.api.points import balances, entries, rules

routers = (
    rules.commands,
    rules.queries,
    entries.commands,
    entries.queries,
    balances.queries,
)
