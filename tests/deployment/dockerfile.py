"""The Dockerfile, as far as the tests read it."""

import json
import re
from functools import cache

from tests.deployment.compose import ROOT


@cache
def instructions() -> list[tuple[str, str]]:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    found = re.findall(r"^([A-Z]+) (.*)$", lines.replace("\\\n", " "), re.MULTILINE)
    return [(name, " ".join(rest.split())) for name, rest in found]


def of(instruction: str) -> list[str]:
    return [rest for name, rest in instructions() if name == instruction]


def stages() -> set[str]:
    return {match[1] for rest in of("FROM") if (match := re.search(r" AS (\w+)$", rest))}


def image_healthcheck() -> list[str]:
    (check,) = of("HEALTHCHECK")
    command: list[str] = json.loads(check.partition(" CMD ")[2])
    return command
