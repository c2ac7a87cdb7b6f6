"""Dues as rows: accounts and standards, payments and reliefs, the ledger and its sums."""
