"""The life of a booking, from request to visit.

`model` is what it is, `refusals` what may be said no with, `terms` the numbers it goes by, `ask`
how it begins or moves, `steps` how it goes on from there, `standing` who has to wait.
"""
