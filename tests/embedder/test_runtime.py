import numpy as np
import pytest
import torch
from torch import nn

from embedder import ConfigError, DeviceError, DeviceUnavailable, Embedder, EmbedderConfig
from embedder.backbones import BACKBONES, MEAN, STD, Backbone
from embedder.runtime import FeatureGraph, choose_device, choose_precision
from embedder.weights import load_weights

CPU = torch.device("cpu")


def scattered_norms(network: nn.Module) -> nn.Module:
    """Identity normalisations would fold correctly even by mistake."""
    generator = torch.Generator().manual_seed(3)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            for tensor, low in ((module.bias, -0.2), (module.running_mean, -0.2), (module.running_var, 0.7)):
                assert tensor is not None
                tensor.copy_(torch.rand(tensor.shape, generator=generator) * 0.5 + low)
    return network


def network_of(backbone: Backbone) -> nn.Module:
    loaded = load_weights(backbone, EmbedderConfig(weights="untrained"))
    return scattered_norms(loaded.network)


@pytest.mark.parametrize("name", ["resnet50", "mobilenet_v3_large"])
def test_the_folded_graph_computes_what_the_plain_network_does(name: str) -> None:
    pixels = torch.from_numpy(np.random.default_rng(0).integers(0, 256, (2, 224, 224, 3), dtype=np.uint8))
    normalised = (pixels / 255 - torch.tensor(MEAN)) / torch.tensor(STD)
    with torch.inference_mode():
        expected = network_of(BACKBONES[name])(normalised.permute(0, 3, 1, 2))
        graph = FeatureGraph(network_of(BACKBONES[name]), CPU, "float32")
        assert not any(isinstance(module, nn.BatchNorm2d) for module in graph.modules())
        torch.testing.assert_close(
            graph(pixels), expected, rtol=1e-3, atol=1e-3 * float(expected.abs().max())
        )


@pytest.mark.parametrize("name", ["mobilenet_v3_large", "vgg16"])
def test_every_other_backbone_gives_vectors_of_its_own_length(name: str) -> None:
    embedder = Embedder.load(
        EmbedderConfig(backbone=name, weights="untrained", precision="float32", compilation="off")
    )
    vectors = embedder.embed(
        list(np.random.default_rng(0).integers(0, 256, (2, 224, 224, 3), dtype=np.uint8))
    )
    assert vectors.shape == (2, BACKBONES[name].dim)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] < 0.9999
    assert embedder.fingerprint.startswith(f"{name}.")


def test_bfloat16_is_chosen_only_where_the_processor_computes_in_it() -> None:
    capabilities = torch.cpu.get_capabilities()
    in_hardware = capabilities.get("amx_bf16") or capabilities.get("avx512_bf16")
    assert choose_precision("auto", CPU) == ("bfloat16" if in_hardware else "float32")


def test_an_explicit_precision_is_kept_and_a_gpu_gets_float16() -> None:
    assert choose_precision("float16", CPU) == "float16"
    assert choose_precision("auto", torch.device("cuda", 0)) == "float16"
    assert choose_precision("float32", torch.device("cuda", 0)) == "float32"


def test_auto_takes_a_gpu_where_there_is_one() -> None:
    assert choose_device("auto").type == ("cuda" if torch.cuda.is_available() else "cpu")
    assert choose_device("cpu") == CPU


def test_a_gpu_that_is_not_there_is_refused() -> None:
    with pytest.raises(DeviceUnavailable, match="cuda:99"):
        choose_device("cuda:99")
    with pytest.raises(DeviceUnavailable):
        Embedder.load(EmbedderConfig(weights="untrained", device="cuda:99"))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA GPU")
def test_a_gpu_agrees_with_the_processor(embedder: Embedder) -> None:
    pictures = list(np.random.default_rng(0).integers(0, 256, (3, 224, 224, 3), dtype=np.uint8))
    gpu = Embedder.load(EmbedderConfig(weights="untrained", device="cuda"))
    assert (gpu.device, gpu.precision) == ("cuda:0", "float16")
    assert gpu.fingerprint == embedder.fingerprint
    assert (gpu.embed(pictures) * embedder.embed(pictures)).sum(axis=1).min() > 0.999


def test_what_the_device_refuses_is_a_device_error() -> None:
    broken = Embedder.load(EmbedderConfig(weights="untrained", precision="float32", compilation="off"))
    broken._graph.scale = torch.ones(5)
    with pytest.raises(DeviceError):
        broken.embed([np.zeros((224, 224, 3), np.uint8)])


@pytest.mark.parametrize(
    "wrong",
    [
        {"device": "tpu"},
        {"device": "cuda:x"},
        {"precision": "float8"},
        {"distance": "manhattan"},
        {"threads": 0},
        {"compilation": "sometimes"},
        {"weights": ""},
    ],
)
def test_a_setting_that_cannot_work_is_refused_at_once(wrong: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match=str(next(iter(wrong))).capitalize()):
        EmbedderConfig(**wrong)  # type: ignore[arg-type]  # wrong on purpose


def test_an_unknown_backbone_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="resnet50, vgg16, mobilenet_v3_large"):
        Embedder.load(EmbedderConfig(backbone="resnet51", weights="untrained"))
