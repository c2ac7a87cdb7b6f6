"""`make wheelhouse`: every wheel an image is built from, so that building needs no network.

The folder holds `requirements.txt` (pinned with hashes, out of uv.lock), `dependencies/` (their
wheels for the image's platform) and `jiceng/` (our own wheel). Apart, because dependencies change
rarely: an image built again after a change of ours takes their layer from the cache.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "deploy" / "wheelhouse"
PYTHON = "3.11"
"""Of the base image in deploy/Dockerfile; the wheels must be for the same."""

OLDEST_GLIBC, NEWEST_GLIBC = 17, 36
"""glibc 2.x of wheels the base image can load; Debian 12 has 2.36."""

_REQUIREMENTS, _SUMS = "requirements.txt", "SHA256SUMS"


class WheelhouseError(Exception):
    """One line for people."""


def make(folder: Path, machine: str) -> bool:
    """Bring `folder` up to date; false when its dependencies already were."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".unfinished-") as name:
        unfinished = Path(name)
        requirements = unfinished / _REQUIREMENTS
        _uv(
            *("export", "--frozen", "--no-dev", "--no-emit-project", "--no-header", "--quiet"),
            *("--project", ROOT, "--output-file", requirements),
        )
        stamp = f"# Python {PYTHON}, Linux, {machine}\n{requirements.read_text()}"
        requirements.write_text(stamp)
        current = _complete(folder) and (folder / _REQUIREMENTS).read_text() == stamp
        if not current:
            _download(requirements, unfinished / "dependencies", machine)
        _uv("build", "--wheel", "--quiet", "--out-dir", unfinished / "jiceng", ROOT)
        (unfinished / "jiceng" / ".gitignore").unlink(missing_ok=True)
        for made in sorted(unfinished.iterdir()):
            _replace(folder / made.name, made)
    (folder / _SUMS).write_text("".join(f"{line}\n" for line in _sums(folder)))
    return not current


def _download(requirements: Path, into: Path, machine: str) -> None:
    """Every hash is checked; `--only-binary` because nothing is compiled inside the image."""
    platforms = [
        f"manylinux_2_{minor}_{machine}" for minor in range(OLDEST_GLIBC, NEWEST_GLIBC + 1)
    ]
    _uv(
        *("run", "--no-project", "--python", sys.executable, "--with", "pip"),
        *("python", "-m", "pip", "download", "-qq", "--disable-pip-version-check"),
        *("--require-hashes", "--no-deps", "--only-binary", ":all:"),
        *("--implementation", "cp", "--python-version", PYTHON),
        *(option for each in platforms for option in ("--platform", each)),
        *("--platform", f"manylinux2014_{machine}", "--platform", f"linux_{machine}"),
        *("--requirement", requirements, "--dest", into),
    )


def _complete(folder: Path) -> bool:
    """The dependencies are exactly those that were downloaded, unchanged."""
    try:
        told = (folder / _SUMS).read_text().splitlines()
    except FileNotFoundError:
        return False
    kept = [line for line in told if not line.split("  ")[1].startswith("jiceng/")]
    found = [line for line in _sums(folder) if not line.split("  ")[1].startswith("jiceng/")]
    return kept == found


def _sums(folder: Path) -> Iterator[str]:
    """Lines of `sha256sum --check`."""
    for file in sorted([folder / _REQUIREMENTS, *folder.glob("*/*.whl")]):
        if file.exists():
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            yield f"{digest}  {file.relative_to(folder).as_posix()}"


def _replace(old: Path, new: Path) -> None:
    if old.is_dir():
        shutil.rmtree(old)
    new.replace(old)


def _uv(*arguments: str | Path) -> None:
    beside_python = Path(sys.executable).with_name("uv")
    uv = shutil.which("uv") or (str(beside_python) if beside_python.exists() else None)
    if uv is None:
        raise WheelhouseError("no uv: install it by `pip install uv`")
    # The environment this runs in is not the one that is meant here.
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    done = subprocess.run([uv, *map(str, arguments)], cwd=ROOT, env=environment, check=False)
    if done.returncode != 0:
        raise WheelhouseError(f"`uv {arguments[0]}` failed: see above")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m ops.wheelhouse", description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="default: deploy/wheelhouse")
    parser.add_argument(
        "--machine",
        choices=("x86_64", "aarch64"),
        default="aarch64" if os.uname().machine in {"arm64", "aarch64"} else "x86_64",
        help="processor of the servers; default: that of this machine",
    )
    given = parser.parse_args()
    try:
        fetched = make(given.folder.absolute(), given.machine)
    except WheelhouseError as error:
        sys.exit(f"error: {error}")
    wheels = list(given.folder.glob("dependencies/*.whl"))
    size = sum(wheel.stat().st_size for wheel in wheels) / 1e6
    state = "fetched" if fetched else "already there"
    print(f"{given.folder}: our wheel and {len(wheels)} dependencies ({size:.0f} MB, {state})")


if __name__ == "__main__":
    main()
