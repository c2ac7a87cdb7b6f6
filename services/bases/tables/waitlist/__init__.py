"""The waiting list in the database: entries, offers, and what is free for whom."""
