"""What stands in a calendar, out of the tables of other rooms; and the keys that open it."""
