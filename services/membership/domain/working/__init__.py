"""The rules of working members (在职党员进社区). Pure: no clock, no database, no broker."""
