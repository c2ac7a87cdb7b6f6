"""The `jiceng` command."""

import sys

_INTERRUPTED = 130


def main() -> None:
    """Entry point of the `jiceng` script. Ctrl-C ends quietly, also while packages still load."""
    try:
        from ops.cli.app import main as run  # noqa: PLC0415

        run()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
