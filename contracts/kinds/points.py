"""Codes of the points ledger."""
