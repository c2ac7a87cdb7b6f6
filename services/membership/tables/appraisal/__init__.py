"""The yearly appraisal in PostgreSQL, and the only SQL on it."""
