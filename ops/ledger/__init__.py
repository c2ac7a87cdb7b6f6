"""Ledgers kept in spreadsheets, brought in through the services' public commands."""
