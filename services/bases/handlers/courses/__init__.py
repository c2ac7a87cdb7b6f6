"""Commands on lecture halls, courses, their sessions and who signs up."""
