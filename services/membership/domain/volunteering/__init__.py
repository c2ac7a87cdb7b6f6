"""The rules of volunteering. Pure: no clock, no database, no broker."""
