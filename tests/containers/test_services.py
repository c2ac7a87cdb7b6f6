"""Services as single containers: a database, a broker, a migration, and HTTP between them."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from testcontainers.community.postgres import PostgresContainer
from testcontainers.core.container import DockerContainer
from testcontainers.core.network import Network
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

from tests.conftest import ISSUER
from tests.containers.clerk import Clerk
from tests.containers.conftest import NATS, POSTGRES
from tests.eventually import eventually

pytestmark = pytest.mark.timeout(900)
"""The first test of a run builds the image."""

SERVICES = ("membership", "bases", "projector")
PORT = 8100


class Deployment:
    """Containers on a network of their own, all ended with `stack`."""

    def __init__(self, stack: ExitStack, image: str, keys: Path) -> None:
        self.stack, self.image, self.keys = stack, image, keys
        self.network = stack.enter_context(Network())
        postgres = PostgresContainer(
            POSTGRES, username="postgres", password="secret", dbname="postgres", driver=None
        )
        nats = DockerContainer(NATS).with_command("--jetstream")
        nats.waiting_for(LogMessageWaitStrategy("Server is ready"))
        for name, server in (("postgres", postgres), ("nats", nats)):
            stack.callback(server.get_docker_client().client.close)
            server.with_network(self.network).with_network_aliases(name)
            stack.enter_context(server)

    def migrate(self) -> str:
        """Run the migration to its end, which must be a good one; what it said."""
        job = self.stack.enter_context(self._container("migrate", "--wait", "60"))
        container = job.get_wrapped_container()
        code = container.wait(timeout=120)["StatusCode"]
        said = container.logs().decode()
        assert code == 0, said
        return said

    def serve(self, service: str) -> DockerContainer:
        made = self._container("serve", service).with_exposed_ports(PORT)
        return self.stack.enter_context(made)

    def _container(self, *command: str) -> DockerContainer:
        made = DockerContainer(self.image, network=self.network, read_only=True, cap_drop=["ALL"])
        self.stack.callback(made.get_docker_client().client.close)
        made.with_command(list(command)).with_volume_mapping(str(self.keys), "/keys", "ro")
        return made.with_envs(
            JICENG_DATABASE_URL="postgresql://postgres:secret@postgres/jiceng_{service}",
            JICENG_NATS_URL="nats://nats:4222",
            JICENG_ISSUER=ISSUER,
            JICENG_JWKS_URL="file:///keys/jwks.json",
            JICENG_PERSONAL_KEYS=b64encode(bytes(range(32))).decode(),
        )


@pytest.fixture(scope="module")
def deployment(image: str, keys: Path) -> Iterator[Deployment]:
    with ExitStack() as stack:
        made = Deployment(stack, image, keys)
        made.migrate()
        yield made


def address(container: DockerContainer) -> str:
    return f"http://{container.get_container_host_ip()}:{container.get_exposed_port(PORT)}"


async def ready(container: DockerContainer) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:

        async def answers() -> bool:
            try:
                answer = await client.get(f"{address(container)}/readyz")
            except httpx.TransportError:
                return False
            return answer.status_code == 200

        await eventually(answers)


async def test_a_booking_made_in_one_container_is_a_figure_in_another(
    deployment: Deployment, clerk: Callable[[dict[str, str]], Clerk]
):
    running = {name: deployment.serve(name) for name in SERVICES}
    for container in running.values():
        await ready(container)
    someone = clerk({name: address(container) for name, container in running.items()})

    place = await someone.open_venue()
    await someone.hold_visit(place, persons=18, hours_ago=3)
    await someone.hold_visit(place, persons=12, hours_ago=6)

    await someone.figures_become(visit_batches=2, visit_persons=30, bookings_honoured=2)


async def test_migrating_what_is_migrated_changes_nothing(deployment: Deployment):
    said = deployment.migrate()

    assert "created" not in said
    assert "provisioned" not in said


async def test_a_service_told_to_stop_finishes_and_leaves(deployment: Deployment):
    running = deployment.serve("bases")
    await ready(running)
    container = running.get_wrapped_container()

    container.stop(timeout=30)

    ended = container.wait(timeout=5)["StatusCode"]
    assert ended in {0, 143}, container.logs(tail=20).decode()
    assert b"service.stopped" in container.logs(tail=5)
