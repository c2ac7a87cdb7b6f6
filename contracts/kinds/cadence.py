"""Codes of what is owed how often."""
