"""The rules of membership, a module a room. Pure: no clock, no database, no broker."""
