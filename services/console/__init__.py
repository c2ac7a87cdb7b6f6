"""Web pages for staff: figures with their events, a base's day, the work summary.

Server-rendered and stateless. It has no database and hears no events: all it knows it asks of the
other services over their public HTTP interfaces, with the visitor's own token.
"""
