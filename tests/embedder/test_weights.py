import hashlib
import logging
import pickle
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torchvision

from embedder import (
    ConfigError,
    DownloadFailed,
    Embedder,
    EmbedderConfig,
    WeightsCorrupt,
    WeightsError,
    WeightsMismatch,
    WeightsMissing,
)
from embedder.backbones import BACKBONES, Backbone, WeightsSource
from embedder.untrained import untrained_state
from embedder.weights import LoadedWeights, load_weights
from tests.embedder.servers import WeightsServer

State = dict[str, torch.Tensor]
RESNET50 = BACKBONES["resnet50"]


def from_file(path: Path) -> LoadedWeights:
    return load_weights(RESNET50, EmbedderConfig(weights=str(path)))


def published_at(url: str) -> Backbone:
    return replace(RESNET50, sources={"imagenet-v1": WeightsSource(url, 256)})


@pytest.fixture
def server(weights_server: WeightsServer, pth: Path) -> WeightsServer:
    weights_server.body = pth.read_bytes()
    return weights_server


@pytest.fixture
def nowhere(pth: Path, monkeypatch: pytest.MonkeyPatch) -> Backbone:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return published_at(f"http://127.0.0.1:1/resnet50-{hashlib.sha256(pth.read_bytes()).hexdigest()[:8]}.pth")


def cached(backbone: Backbone, folder: Path) -> Path:
    return folder / backbone.sources["imagenet-v1"].filename


def test_a_torchvision_state_dict_loads_and_its_classifier_is_cut_off(
    pth: Path, trained_state: State
) -> None:
    loaded = from_file(pth)
    assert loaded.weights.kind == "file"
    assert loaded.weights.trained
    ours = loaded.network.state_dict()
    assert not any(name.startswith("fc.") for name in ours)
    torch.testing.assert_close(ours["layer4.2.conv3.weight"], trained_state["layer4.2.conv3.weight"])


def test_the_same_weights_have_one_fingerprint_in_either_format(pth: Path, safetensors: Path) -> None:
    one, other = (
        Embedder.load(EmbedderConfig(weights=str(path), compilation="off")) for path in (pth, safetensors)
    )
    assert one.weights == other.weights
    assert one.fingerprint == other.fingerprint


def test_a_network_that_torchvision_itself_builds_and_saves_loads(tmp_path: Path) -> None:
    torch.save(torchvision.models.resnet50().state_dict(), tmp_path / "w.pt")
    assert len(from_file(tmp_path / "w.pt").weights.sha256) == 64


def test_a_file_without_training_counters_or_classifier_is_the_same_weights(
    pth: Path, trained_state: State, tmp_path: Path
) -> None:
    bare = {n: t for n, t in trained_state.items() if "num_batches" not in n and not n.startswith("fc.")}
    torch.save(bare, tmp_path / "w.pth")
    assert from_file(tmp_path / "w.pth").weights == from_file(pth).weights


def test_other_weights_have_another_fingerprint(embedder: Embedder, pth: Path) -> None:
    other = Embedder.load(EmbedderConfig(weights=str(pth), compilation="off"))
    assert other.weights.sha256 != embedder.weights.sha256
    assert other.fingerprint != embedder.fingerprint


def test_a_missing_file_is_named_together_with_the_choices(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match=r"nowhere\.pth.*imagenet-v1"):
        from_file(tmp_path / "nowhere.pth")


@pytest.mark.parametrize("name", ["w.pth", "w.pt", "w.safetensors"])
@pytest.mark.parametrize(
    "data", [b"", b"nonsense", bytes(2000), b"PK\x03\x04" + bytes(500), b"\x80\x02}q\x00."]
)
def test_a_corrupt_file_is_corrupt(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises((WeightsCorrupt, WeightsMismatch)):
        from_file(tmp_path / name)


@pytest.mark.parametrize("fixture", ["pth", "safetensors"])
def test_a_file_cut_short_is_corrupt(fixture: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    whole: Path = request.getfixturevalue(fixture)
    part = tmp_path / whole.name
    part.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3])
    with pytest.raises(WeightsCorrupt):
        from_file(part)


class Payload:
    def __reduce__(self) -> tuple[object, ...]:
        return (print, ("the pickle was executed",))


def test_a_pickle_that_runs_code_is_refused_and_not_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "w.pth").write_bytes(pickle.dumps(Payload(), protocol=2))
    with pytest.raises(WeightsCorrupt):
        from_file(tmp_path / "w.pth")
    assert "executed" not in capsys.readouterr().out


@pytest.mark.parametrize("builder", ["resnet18", "resnet101", "mobilenet_v3_small"])
def test_another_architecture_is_a_mismatch(tmp_path: Path, builder: str) -> None:
    torch.save(getattr(torchvision.models, builder)().state_dict(), tmp_path / "w.pth")
    with pytest.raises(WeightsMismatch, match="does not fit resnet50"):
        from_file(tmp_path / "w.pth")


@pytest.mark.parametrize("found", [[1, 2], {"epoch": 3}, {3: torch.zeros(1)}, torch.zeros(3), {}])
def test_a_file_that_holds_something_else_is_a_mismatch(tmp_path: Path, found: object) -> None:
    torch.save(found, tmp_path / "w.pth")
    with pytest.raises(WeightsMismatch):
        from_file(tmp_path / "w.pth")


def test_weights_that_are_not_numbers_are_corrupt(tmp_path: Path, trained_state: State) -> None:
    broken = trained_state | {"bn1.bias": torch.full((64,), torch.nan)}
    torch.save(broken, tmp_path / "w.pth")
    with pytest.raises(WeightsCorrupt, match=r"bn1\.bias"):
        from_file(tmp_path / "w.pth")


def test_auto_takes_cached_weights_without_asking_the_network(
    nowhere: Backbone, pth: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copy(pth, cached(nowhere, tmp_path))
    loaded = load_weights(nowhere, EmbedderConfig(cache_dir=tmp_path))
    assert loaded.weights.kind == "imagenet-v1"
    assert loaded.weights.sha256 == from_file(pth).weights.sha256
    assert caplog.records == []


def test_auto_downloads_what_is_not_cached_and_then_keeps_it(server: WeightsServer, tmp_path: Path) -> None:
    backbone, told = published_at(server.url("whole", "resnet50")), []
    config = EmbedderConfig(cache_dir=tmp_path)
    first = load_weights(backbone, config, lambda *progress: told.append(progress))
    second = load_weights(backbone, config)
    assert first.weights == second.weights
    assert first.weights.kind == "imagenet-v1"
    assert told[-1] == (len(server.body), len(server.body))
    assert len(server.requests) == 1
    assert list(tmp_path.iterdir()) == [cached(backbone, tmp_path)]


def test_a_damaged_cached_file_is_downloaded_again(
    server: WeightsServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    backbone = published_at(server.url("whole", "resnet50"))
    damaged = bytearray(server.body)
    damaged[5000] ^= 1
    cached(backbone, tmp_path).write_bytes(damaged)
    loaded = load_weights(backbone, EmbedderConfig(weights="imagenet-v1", cache_dir=tmp_path))
    assert loaded.weights.kind == "imagenet-v1"
    assert cached(backbone, tmp_path).read_bytes() == server.body
    assert "damaged" in caplog.text


@pytest.mark.parametrize("behaviour", ["short", "lying", "missing"])
def test_auto_goes_on_untrained_and_says_so_loudly(
    server: WeightsServer, tmp_path: Path, behaviour: str, caplog: pytest.LogCaptureFixture
) -> None:
    backbone = published_at(server.url(behaviour, "resnet50"))
    loaded = load_weights(backbone, EmbedderConfig(cache_dir=tmp_path))
    assert (loaded.weights.kind, loaded.weights.trained) == ("untrained", False)
    assert list(tmp_path.iterdir()) == []
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "NO TRAINED WEIGHTS" in caplog.text


def test_auto_goes_on_untrained_where_there_is_no_network(nowhere: Backbone, tmp_path: Path) -> None:
    assert load_weights(nowhere, EmbedderConfig(cache_dir=tmp_path)).weights.kind == "untrained"


def test_strict_weights_never_fall_back_and_name_the_mend(nowhere: Backbone, tmp_path: Path) -> None:
    with pytest.raises(DownloadFailed) as failure:
        load_weights(nowhere, EmbedderConfig(weights="imagenet-v1", cache_dir=tmp_path))
    for words in (str(cached(nowhere, tmp_path)), nowhere.sources["imagenet-v1"].url, "untrained", "refused"):
        assert words in str(failure.value)
    assert isinstance(failure.value, WeightsError)


def test_a_backbone_without_the_asked_release_says_what_it_has(nowhere: Backbone) -> None:
    with pytest.raises(ConfigError, match="imagenet-v1"):
        load_weights(nowhere, EmbedderConfig(weights="imagenet-v2"))


def test_untrained_weights_are_the_same_on_every_machine() -> None:
    loaded = load_weights(RESNET50, EmbedderConfig(weights="untrained"))
    assert loaded.weights.sha256 == "db179012dcd8fa19b81d99bab9f0a63253e74b7242f5dc2ebb4fc09c6fc2fa31"


def test_untrained_numbers_are_exactly_what_the_generator_says() -> None:
    state = untrained_state(BACKBONES["mobilenet_v3_large"])
    generator = np.random.Generator(np.random.PCG64(2024))
    generator.random((16, 3, 3, 3), dtype=np.float32)
    second = (generator.random((16, 1, 3, 3), dtype=np.float32) * 2 - 1) * np.float32((6 / 9) ** 0.5)
    np.testing.assert_array_equal(state["features.1.block.0.0.weight"].numpy(), second)
    assert not state["features.0.0.weight"].sum(dim=(2, 3), dtype=torch.float64).any()


def test_the_hash_prefix_is_read_off_the_published_name() -> None:
    prefixes = {source.sha256_prefix for entry in BACKBONES.values() for source in entry.sources.values()}
    assert prefixes == {"0676ba61", "11ad3fa6", "397923af", "8738ca79", "5c1a4163"}
