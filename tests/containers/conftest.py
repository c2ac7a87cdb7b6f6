"""A container engine, the image built from this working tree, and what a clerk needs."""

import gc
import os
import shutil
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import docker
import docker.errors
import pytest
from testcontainers.core.config import testcontainers_config
from testcontainers.core.image import DockerImage

from ops import wheelhouse
from tests.conftest import Issuer
from tests.containers.clerk import Clerk

PYTHON = "python:3.11-slim-bookworm"
POSTGRES = "postgres:18-alpine"
NATS = "nats:2.15-alpine"
IMAGE = "jiceng:test"

# Every container here is ended by the test that made it; the reaper is an image to pull more.
testcontainers_config.ryuk_disabled = True


@pytest.fixture(scope="session")
def engine() -> Iterator[docker.DockerClient]:
    """Skips where no engine answers, or an image we start from can neither be found nor pulled."""
    silence = _silence()
    if silence is not None:
        pytest.skip(f"no container engine answers: {silence}")
    client = docker.from_env(timeout=60)
    try:
        for image in (PYTHON, POSTGRES, NATS):
            _require(client, image)
        yield client
    finally:
        client.close()


def _silence() -> str | None:
    """Why no engine answers; None where one does."""
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        try:
            docker.from_env(timeout=60).close()
        except docker.errors.DockerException as error:
            reason = str(error)
        else:
            return None
        gc.collect()  # the client leaves the socket open by which it reached nobody
    return reason


def _require(client: docker.DockerClient, image: str) -> None:
    with suppress(docker.errors.ImageNotFound):
        client.images.get(image)
        return
    try:
        client.images.pull(image)
    except (docker.errors.DockerException, OSError) as error:
        pytest.skip(f"the image {image} is not here and cannot be pulled: {error}")


@pytest.fixture(scope="session")
def image(engine: docker.DockerClient) -> str:
    """The image of this working tree, built without network. Unchanged layers come from the cache.

    It stays for the next run; the one it replaces goes.
    """
    machine = "aarch64" if engine.info()["Architecture"] in {"aarch64", "arm64"} else "x86_64"
    wheelhouse.make(wheelhouse.FOLDER, machine)
    before = _ids(engine)
    built = DockerImage(
        wheelhouse.ROOT,
        tag=IMAGE,
        dockerfile_path="deploy/Dockerfile",
        clean_up=False,
        network_mode="none",
        rm=True,
    ).build()
    built.get_docker_client().client.close()
    for old in before - _ids(engine):
        with suppress(docker.errors.APIError):  # a container of somebody else still uses it
            engine.images.remove(old)
    return IMAGE


def _ids(engine: docker.DockerClient) -> set[str]:
    return {str(each.id) for each in engine.images.list(IMAGE)}


@pytest.fixture(scope="session")
def keys(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the issuer's JWKS alone, which a container's user may enter."""
    folder = tmp_path_factory.mktemp("keys")
    shutil.copy(issuer.jwks, folder / "jwks.json")
    folder.chmod(0o755)
    (folder / "jwks.json").chmod(0o644)
    return folder


@pytest.fixture
async def clerk(issuer: Issuer) -> AsyncIterator[Callable[[dict[str, str]], Clerk]]:
    """A clerk for services at the given addresses."""
    async with AsyncExitStack() as stack:

        def employed(addresses: dict[str, str]) -> Clerk:
            made = Clerk(addresses, issuer.token())
            stack.push_async_callback(made.client.aclose)
            return made

        yield employed


@pytest.fixture(scope="session")
def bare_environment() -> dict[str, str]:
    """Ours without what would set a service or a compose file."""
    ours = ("JICENG_", "COMPOSE_", "POSTGRES_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}
