"""The rules of bases. Pure: no clock, no database, no broker."""
