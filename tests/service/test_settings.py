import os
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from service.settings import Settings, misspelt_variables

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("VIZINHO_")]:
        monkeypatch.delenv(name)


def test_the_readme_lists_every_setting_and_no_other_with_its_default() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| `VIZINHO_(\w+)` \| (.*?) \| (.*?) \|$", readme, re.MULTILINE)
    documented = {name.lower(): (default.strip("`"), text) for name, default, text in rows}
    defaults = Settings().model_dump()
    assert documented.keys() == defaults.keys()
    for name, (default, text) in documented.items():
        expected = "" if defaults[name] is None else str(defaults[name])
        assert default.replace(",", "") == expected, name
        assert text == Settings.model_fields[name].description, name


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIZINHO_DISTANCE", "euclid")
    monkeypatch.setenv("VIZINHO_QDRANT_URL", "")
    settings = Settings()
    assert settings.distance == "euclid"
    assert settings.qdrant_url is None, "an empty variable, as compose files write it, is one not set"


def test_a_keys_last_line_feed_is_not_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIZINHO_QDRANT_API_KEY", "secret\n")
    key = Settings().qdrant_api_key
    assert key is not None
    assert key.get_secret_value() == "secret"


def test_a_key_does_not_show_in_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIZINHO_QDRANT_API_KEY", "very-secret")
    assert "very-secret" not in repr(Settings())


@pytest.mark.parametrize(
    "wrong",
    [
        {"port": 70_000},
        {"distance": "manhattan"},
        {"collection": "Bad Name"},
        {"queue_size": 0},
        {"qdrant_url": "not a url"},
        {"qdrant_url": "ftp://qdrant"},
        {"qdrant_url": "http://qdrant:99999"},
        {"qdrant_api_key": "schlüssel"},
        {"qdrant_api_key": "two\nlines"},
        {"media_url": "nonsense"},
        {"store_timeout_s": 0},
        {"qdrant_shards": 0},
        {"qdrant_replicas": 2, "qdrant_write_consistency": 3},
        {"quantization": "int4"},
        {"qdrant_url": "https://qdrant", "qdrant_ca": "/nowhere/ca.pem"},
        {"qdrant_url": "http://qdrant", "qdrant_ca": __file__},
        {"qdrant_ca": __file__},
        {"max_image_bytes": 20_000_000, "max_body_bytes": 10_000_000},
    ],
)
def test_what_cannot_work_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings(**wrong)  # type: ignore[arg-type]


def test_a_misspelt_variable_is_told_with_the_one_that_was_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIZINHO_WEIGTHS", "imagenet-v1")
    monkeypatch.setenv("VIZINHO_DISTANCE", "euclid")
    monkeypatch.setenv("VIZINHO_TEST_QDRANT_URL", "http://localhost")
    assert misspelt_variables() == {"VIZINHO_WEIGTHS": "VIZINHO_WEIGHTS"}
