"""OpenAPI documents of the services that answer programs, as they serve them at `/openapi.json`."""

from importlib.util import find_spec
from typing import Any

from ops.services import SERVICES
from services.chassis.service import Service, create_app
from services.chassis.settings import Settings


def documents() -> dict[str, dict[str, Any]]:
    """By service. The console answers people, in HTML, and has none."""
    return {
        entry.name: document(entry.load().SERVICE)
        for entry in SERVICES
        if entry.database and find_spec(entry.module)
    }


def document(service: Service) -> dict[str, Any]:
    """Made with the settings' defaults, whatever the environment says."""
    return create_app(service, Settings.model_construct()).openapi()
