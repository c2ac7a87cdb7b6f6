"""Commands on the waiting list.

`offers` gives what became free to whoever is next, `joining` lets in, `answers` takes what people
say to an offer, `clock` what nobody says.
"""
