"""A district and a year of its office life, brought in as a user would bring it in."""
