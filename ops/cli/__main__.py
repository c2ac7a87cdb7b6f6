"""`python -m ops.cli`, where the `jiceng` script is not installed."""

from ops.cli import main

main()
