"""Which embedder there is for a fingerprint: the one that has it, or what the settings say."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from embedder import Embedder, EmbedderConfig, WeightsError
from embedder.backbones import BACKBONES, WeightsSource
from service.catalog.learned.loading import learned_files, load_embedder
from service.catalog.learned.shelf import Shelf
from service.catalog.learned.shelving import Model, load_shelved
from service.store.errors import StoreDamaged
from tests.service.catalog.learned.models import CONFIG, SMALL, write_fit, write_learned


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "data")


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EmbedderConfig:
    """Of a machine whose published weights are a file of ours, which it has not got yet, and cannot get."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    published = write_learned(tmp_path / "published.pth", by=-0.1)
    digest = hashlib.sha256(published.read_bytes()).hexdigest()[:8]
    source = WeightsSource(f"http://127.0.0.1:1/published-{digest}.safetensors", 256)
    backbone = replace(BACKBONES[SMALL], sources={"imagenet-v1": source})
    monkeypatch.setitem(BACKBONES, SMALL, backbone)
    return replace(CONFIG, cache_dir=tmp_path / "models")


def cache_published(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir(exist_ok=True)
    source = BACKBONES[SMALL].sources["imagenet-v1"]
    (tmp_path / "published.pth").rename(tmp_path / "models" / source.filename)


def fingerprint(config: EmbedderConfig, **settings: object) -> str:
    embedder = Embedder.load(replace(config, **settings))  # type: ignore[arg-type]
    embedder.close()
    return embedder.fingerprint


def found(config: EmbedderConfig, shelf: Shelf, live: str | None) -> Embedder:
    embedder = load_embedder(config, shelf, live)
    embedder.close()
    return embedder


def shelved(model: Model, config: EmbedderConfig, shelf: Shelf, live: str = "none") -> Embedder:
    embedder = load_shelved(model, config, shelf, live)
    embedder.close()
    return embedder


@pytest.fixture
def learned(config: EmbedderConfig, shelf: Shelf, tmp_path: Path) -> str:
    """The fingerprint of a model that was learned and is on the shelf, from where its file is gone."""
    file = write_learned(tmp_path / "trained.safetensors")
    embedder = shelved(Model(str(file)), config, shelf)
    file.unlink()
    return embedder.fingerprint


def test_auto_is_what_the_live_generation_was_built_with(
    config: EmbedderConfig, shelf: Shelf, learned: str, tmp_path: Path
) -> None:
    again = found(config, shelf, learned)
    assert again.fingerprint == learned
    assert learned_files(again.config) == [file.name for file in shelf.all()]
    assert found(config, shelf, None).weights.kind == "untrained"
    cache_published(tmp_path)
    assert found(config, shelf, learned).fingerprint == learned
    assert found(config, shelf, None).weights.kind == "imagenet-v1"


def test_auto_goes_back_to_whatever_it_was(
    config: EmbedderConfig, shelf: Shelf, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    untrained = fingerprint(config, weights="untrained")
    assert found(config, shelf, untrained).weights.kind == "untrained"
    cache_published(tmp_path)
    caplog.clear()
    assert found(config, shelf, untrained).weights.kind == "untrained"
    assert "vizinho reembed" in caplog.text
    imagenet = fingerprint(config, weights="imagenet-v1")
    assert found(config, shelf, imagenet).weights.kind == "imagenet-v1"


def test_a_setting_that_names_weights_is_strict(config: EmbedderConfig, shelf: Shelf, learned: str) -> None:
    strict = replace(config, weights="untrained")
    assert found(strict, shelf, learned).fingerprint == fingerprint(strict) != learned
    with pytest.raises(WeightsError):
        found(replace(config, weights="imagenet-v1"), shelf, learned)


def test_what_is_not_here_is_not_guessed(config: EmbedderConfig, shelf: Shelf, learned: str) -> None:
    for other in (f"{learned}0", learned.replace(SMALL, "vgg16")):
        assert found(config, shelf, other).weights.kind == "untrained"
    (file,) = shelf.all()
    file.unlink()
    assert found(config, shelf, learned).weights.kind == "untrained"


def test_a_damaged_file_is_told_and_mended_by_the_file_it_was(
    config: EmbedderConfig, shelf: Shelf, learned: str, tmp_path: Path
) -> None:
    (file,) = shelf.all()
    data = file.read_bytes()
    for damaged in (data[:-1], data[:-4] + b"\0\0\0\1"):
        file.write_bytes(damaged)
        with pytest.raises(StoreDamaged, match=file.name):
            found(config, shelf, learned)
    again = shelved(Model(str(write_learned(tmp_path / "again.safetensors"))), config, shelf, learned)
    assert again.fingerprint == learned == found(config, shelf, learned).fingerprint


def test_a_whole_file_under_the_name_of_another_is_not_taken(
    config: EmbedderConfig, shelf: Shelf, learned: str, tmp_path: Path
) -> None:
    (file,) = shelf.all()
    part = file.name.split(".")[0]
    file.unlink()
    other = write_learned(tmp_path / "other.safetensors", by=0.2)
    with shelf.taking(other, "weights") as taken:
        shelf.keep(taken, part)
    assert found(config, shelf, learned).weights.kind == "untrained"


@pytest.mark.parametrize("name", ["rubbish.safetensors", "rubbish.pth", "untrained.safetensors"])
def test_what_is_no_model_is_refused_and_leaves_nothing(
    config: EmbedderConfig, shelf: Shelf, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(b"\x80\x04rubbish" * 9)
    with pytest.raises(WeightsError):
        shelved(Model(str(tmp_path / name)), config, shelf)
    assert list(shelf.folder.iterdir()) == []


def test_a_fit_goes_on_top_of_the_weights_that_it_was_made_on(
    config: EmbedderConfig, shelf: Shelf, learned: str, tmp_path: Path
) -> None:
    fit = write_fit(tmp_path / "fit.safetensors", found(config, shelf, learned))
    fitted = shelved(Model(fit=fit), config, shelf)
    assert fitted.dim == 32
    again = found(config, shelf, fitted.fingerprint)
    assert again.fingerprint == fitted.fingerprint
    assert learned_files(again.config) == [file.name for file in reversed(shelf.all())]
    assert found(config, shelf, learned).fingerprint == learned, "without it as well"


def test_a_fit_is_found_on_top_of_weights_that_a_setting_names(
    config: EmbedderConfig, shelf: Shelf, tmp_path: Path
) -> None:
    strict = replace(config, weights="untrained")
    fit = write_fit(tmp_path / "fit.safetensors", found(strict, shelf, None))
    fitted = shelved(Model(fit=fit), strict, shelf).fingerprint
    assert found(strict, shelf, fitted).fingerprint == fitted
    assert found(config, shelf, fitted).fingerprint == fitted


def test_a_fit_for_weights_that_nobody_has_is_refused(
    config: EmbedderConfig, shelf: Shelf, learned: str, tmp_path: Path
) -> None:
    fit = write_fit(tmp_path / "fit.safetensors", found(config, shelf, learned))
    (file,) = shelf.all()
    file.unlink()
    with pytest.raises(WeightsError, match="made on weights"):
        shelved(Model(fit=fit), config, shelf)
    assert shelf.all() == []


def test_a_catalogue_goes_on_with_what_it_has_learned_until_something_else_is_named(
    config: EmbedderConfig, shelf: Shelf, learned: str, tmp_path: Path
) -> None:
    cache_published(tmp_path)
    assert shelved(Model(), config, shelf, learned).fingerprint == learned
    assert shelved(Model("untrained"), config, shelf, learned).weights.kind == "untrained"
    untrained = fingerprint(config, weights="untrained")
    assert shelved(Model(), config, shelf, untrained).weights.kind == "imagenet-v1"
