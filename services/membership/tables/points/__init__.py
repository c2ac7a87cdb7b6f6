"""The points ledger in PostgreSQL: rules, accounts and entries, and the only SQL on them.

The balance of an account is kept by a trigger on the entries, and by nothing else: the database
refuses to change it by hand, as it refuses to change or delete an entry or a version of a rule.
"""
