"""A ResNet50 with asides is one network wherever it is used: embedding, explaining, fitting, and learning on."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import nn
from torchvision.models import resnet50

from embedder import Embedder, EmbedderConfig, WeightsMismatch
from embedder.backbones import BACKBONES, TRAINING_ONLY, backbone_named
from embedder.fitting import Fitter
from embedder.sided import PARTS, Sided, steps
from embedder.training import TrainingConfig, write_weights
from embedder.training.heads import Heads
from embedder.training.labels import Question
from embedder.training.start import first_network

Draw = Callable[[str, str, int], Image.Image]

CARD = {"input_size": 64, "resize": 72}


def drawn() -> Sided:
    torch.manual_seed(3)
    network = Sided()
    network.fc = nn.Identity()
    network.train()
    with torch.no_grad():
        network(torch.randn(8, 3, 64, 64))  # what is usual in it
    network.eval()
    return network


def config(weights: Path, fit: Path | None = None) -> EmbedderConfig:
    return EmbedderConfig(
        "resnet50", str(weights), "cpu", precision="float32", threads=1, compilation="off", fit=fit
    )


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sided") / "weights.safetensors"
    write_weights(path, drawn(), CARD)
    return path


@pytest.fixture(scope="module")
def sided(weights: Path) -> Embedder:
    return Embedder.load(config(weights))


@pytest.fixture(scope="module")
def pictures(sided: Embedder, draw: Draw) -> list[NDArray[np.uint8]]:
    return [
        sided.prepare(draw(pattern, "navy", n)) for n in (3, 6, 9) for pattern in ("dots", "stripes", "disc")
    ]


@pytest.mark.parametrize("size", [64, 72, 73, 224])
def test_its_steps_one_after_another_are_the_network(size: int) -> None:
    network, picture = drawn(), torch.randn(1, 3, size, size)
    with torch.inference_mode():
        expected, found = network(picture), picture
        for name, step in steps(network):
            found = step(found).flatten(1) if name == "avgpool" else step(found)
    assert expected.shape == (1, sum(PARTS))
    torch.testing.assert_close(found, expected)


def test_all_but_its_asides_is_a_resnet50_as_torchvision_names_it() -> None:
    network, plain = drawn(), resnet50()
    plain.fc = nn.Identity()
    odd = plain.load_state_dict(network.state_dict(), strict=False)
    assert odd.missing_keys == []
    assert all(name.startswith("asides.") for name in odd.unexpected_keys)
    picture = torch.randn(1, 3, 64, 64)
    with torch.inference_mode():
        torch.testing.assert_close(plain.eval()(picture), network(picture)[:, : PARTS[0]])


def test_a_file_with_asides_is_recognised_and_embedded_with(
    sided: Embedder, embedder: Embedder, pictures: list[NDArray[np.uint8]]
) -> None:
    colours = (np.stack(pictures) / 255 - (0.485, 0.456, 0.406)) / (0.229, 0.224, 0.225)
    with torch.inference_mode():
        features = drawn()(torch.from_numpy(colours).permute(0, 3, 1, 2).float()).numpy()
    assert (sided.dim, sided.input_size) == (sum(PARTS), 64)
    expected = features / np.linalg.norm(features, axis=1, keepdims=True)
    np.testing.assert_allclose(sided.embed(pictures), expected, atol=1e-5)
    assert sided.fingerprint.startswith("resnet50.weights-")
    assert sided.fingerprint != embedder.fingerprint


def test_its_regions_add_up(sided: Embedder, pictures: list[NDArray[np.uint8]]) -> None:
    regions = sided.submit_regions(pictures).result(30)
    assert sided.regions_add_up
    assert regions.maps.shape == (len(pictures), 2, 2, sum(PARTS))
    np.testing.assert_allclose(regions.maps.mean(axis=(1, 2)), regions.vectors, rtol=1e-4, atol=1e-6)


def test_a_fit_is_made_of_it_and_read_again(
    sided: Embedder, weights: Path, pictures: list[NDArray[np.uint8]], tmp_path: Path
) -> None:
    fitter = Fitter(sided)
    features = fitter.submit(pictures).result(30)
    fitter.learn(features)
    for number, candidate in enumerate(fitter.candidates(4)[::5]):
        path = tmp_path / f"{number}.safetensors"
        path.write_bytes(candidate.fit.file())
        fitted = Embedder.load(config(weights, path))
        expected = candidate.fit.vectors(features[candidate.place])
        expected /= np.linalg.norm(expected, axis=1, keepdims=True)
        np.testing.assert_allclose(fitted.embed(pictures), expected, atol=1e-4)
        assert fitted.submit_regions(pictures[:1]).result(30).vectors.shape == (1, 4)
        fitted.close()


def test_asides_for_another_network_are_refused(tmp_path: Path) -> None:
    state = drawn().state_dict()
    del state["asides.layer2.0.weight"]
    torch.save(state, tmp_path / "half.pth")
    with pytest.raises(WeightsMismatch, match=r"1 tensors differ, among them 'asides\.layer2\.0\.weight'"):
        Embedder.load(config(tmp_path / "half.pth"))
    other = BACKBONES["mobilenet_v3_large"]
    assert other.of(state) is other


def test_what_others_have_taught_goes_on_without_asides(pth: Path) -> None:
    network, backbone = first_network(TrainingConfig(start=str(pth)))
    taught, now = torch.load(pth), network.state_dict()
    assert (backbone.dim, backbone.parts) == (2048, ())
    assert all(torch.equal(now[name], taught[name]) for name in now if not name.endswith(TRAINING_ONLY))
    assert all(parameter.requires_grad for parameter in network.parameters())


def test_it_learns_on_from_its_own_weights(weights: Path) -> None:
    network, backbone = first_network(TrainingConfig(start=str(weights)))
    before, now = drawn().state_dict(), network.state_dict()
    assert backbone.parts == PARTS
    assert all(torch.equal(now[name], before[name]) for name in now if not name.endswith(TRAINING_ONLY))
    assert all(parameter.requires_grad for parameter in network.parameters())


def test_every_end_is_asked_by_itself_and_those_beside_the_first_count_less() -> None:
    torch.manual_seed(0)
    heads = Heads([Question("kind", ("a", "b", "c"))], [4, 2, 2])
    answers = torch.tensor([[0], [2]])
    features = torch.randn(2, 8, requires_grad=True)
    heads(features, answers).backward()
    alone = []
    for place, part in enumerate(torch.split(features.detach(), [4, 2, 2], dim=1)):
        single = Heads([Question("kind", ("a", "b", "c"))], [part.shape[1]])
        single.parts[0].load_state_dict(heads.parts[place].state_dict())
        alone.append(single(part, answers).item())
    assert heads(features, answers).item() == pytest.approx(alone[0] + 0.4 * (alone[1] + alone[2]))
    assert features.grad is not None
    assert (features.grad.abs() > 0).all()


def test_a_backbone_without_asides_stays_as_it_is() -> None:
    backbone = backbone_named("mobilenet_v3_large")
    network, _ = first_network(TrainingConfig(backbone=backbone.name))
    assert set(network.state_dict()) == set(backbone.features().state_dict())
