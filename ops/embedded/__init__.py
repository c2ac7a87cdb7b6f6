"""Jiceng on one machine without containers: PostgreSQL and NATS as child processes, supervised."""
