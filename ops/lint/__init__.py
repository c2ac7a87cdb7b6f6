"""Rules of this house that no bought linter knows: each a trap that was paid for, told in its rule.

`python -m ops.lint` prints what breaks them as `file:line: [rule] what is wrong` and ends with 1.
"""
