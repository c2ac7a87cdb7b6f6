"""What membership keeps in PostgreSQL, and the only SQL that touches it."""
