"""Facts announced about the points ledger."""
