from tests.service.chassis.conftest import client, health, nats, reader, writer

__all__ = ["client", "health", "nats", "reader", "writer"]
