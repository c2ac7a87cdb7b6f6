"""Lecturers, their times, what takes them, their shifts and ratings, as rows.

`times.times` and `claims.busy` load, for any lecturers and days, when they can come and what takes
them: plain SQL on a connection of the driver, for whoever asks for free time.
"""
