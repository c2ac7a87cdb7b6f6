"""The waiting list: who is offered what becomes free.

Whoever fits is served in the order of joining. An entry that does not fit what became free (too
many people, other hours) is passed over and keeps its place: a smaller group behind it may go
first, but never one that joined later and wants the same. An offer ends with its answer: who
declines it, or lets it expire, is out and may join again at the end; an offer that the base takes
back leaves the entry where it was.

`terms` are the numbers, `entries` what an entry is and what becomes of it, `vacancies` what fits.
"""
