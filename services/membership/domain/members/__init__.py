"""The rules of members: `states`, `joining`, `rules` with numbers, `identity` numbers. Pure."""
