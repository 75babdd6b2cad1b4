"""The check that the image brings along, run against a service."""

import subprocess
import sys

from tests.deployment.dockerfile import image_healthcheck
from tests.e2e.running import Service


def test_the_images_health_is_that_of_the_service_in_it(shop: Service) -> None:
    assert _status(shop.url.rpartition(":")[2]) == 0
    assert _status("1") != 0


def _status(port: str) -> int:
    python, *command = image_healthcheck()
    assert python == "python"
    return subprocess.run(
        [sys.executable, *command], env={"VIZINHO_PORT": port}, capture_output=True, check=False
    ).returncode
