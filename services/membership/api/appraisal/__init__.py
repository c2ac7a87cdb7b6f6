"""HTTP routes of the yearly democratic appraisal."""

from services.membership.api.appraisal import results, rounds

routers = (rounds.commands, rounds.queries, results.commands, results.queries)
