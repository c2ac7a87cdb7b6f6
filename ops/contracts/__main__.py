"""`python -m ops.contracts [--check | --release]`: exit 1 when something is stale or broken."""

import argparse
import sys
from pathlib import Path

from ops.contracts import files


def main(arguments: list[str] | None = None, root: Path = files.ROOT) -> int:
    parser = argparse.ArgumentParser(prog="python -m ops.contracts", description=__doc__)
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="write nothing; list stale files")
    mode.add_argument("--release", action="store_true", help="keep the schemas as released")
    chosen = parser.parse_args(arguments)
    if chosen.check:
        return _check(root)
    return _release(root) if chosen.release else _write(root)


def _write(root: Path) -> int:
    changed = files.write(root)
    for path in changed:
        print(_shown(path, root))
    print(f"{len(changed)} files changed" if changed else "up to date")
    return 0


def _check(root: Path) -> int:
    stale, broken = files.stale(root), files.broken(root)
    for path in stale:
        print(f"stale: {_shown(path, root)}; run `make contracts`")
    _print_broken(broken)
    return 1 if stale or broken else 0


def _release(root: Path) -> int:
    """Only what is up to date and breaks no promise may become the next promise."""
    if _check(root):
        return 1
    for path in files.release(root):
        print(_shown(path, root))
    return 0


def _print_broken(broken: dict[str, list[str]]) -> None:
    for name, reasons in broken.items():
        for reason in reasons:
            print(f"incompatible with the last release: {name}: {reason}")


def _shown(path: Path, root: Path) -> str:
    return str(path.relative_to(root.parent))


if __name__ == "__main__":
    sys.exit(main())
