"""Who announces events: known without loading a single one of them."""

PUBLISHERS: tuple[str, ...] = ("bases", "cobuilding", "membership")
"""Services that announce events, hence own a stream; of some only the contract is there yet."""
