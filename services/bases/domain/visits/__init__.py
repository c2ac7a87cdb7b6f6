"""Those who came, and how they are let in.

`records` are the batches, `occasions` what was held for them, `codes` what they say at the door.
"""
