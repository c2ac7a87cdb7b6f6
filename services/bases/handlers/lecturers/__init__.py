"""Commands on lecturers, and what follows for them from what takes them.

Whoever changes a booking or a session says so to `claims`, in the same transaction and after its
row was written. Lecturers are locked by id, after the booking and its venue.
"""
