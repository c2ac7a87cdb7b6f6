"""Codes of volunteering."""
