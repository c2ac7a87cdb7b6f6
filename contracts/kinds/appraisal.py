"""Codes of the yearly appraisal."""
