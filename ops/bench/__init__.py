"""How fast the hot paths are, each beside a bound measured in the same run.

Rates depend on the machine and on what else it does; ratios much less. Ours and the bound take
turns, and the medians of several turns are told. Nothing here passes or fails.
"""
