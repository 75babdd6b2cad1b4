"""What is compared. Each library is imported only by whoever needs it, because starting up is measured too."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.processes import Unavailable, library

if TYPE_CHECKING:
    from embedder import Embedder

Pixels = NDArray[np.uint8]
Vectors = NDArray[np.float32]

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
SIDE, RESIZE = 224, 256
STATE, GRAPH, PIXELS = "resnet50.pth", "resnet50.onnx", "pixels.npy"


@dataclass(frozen=True, slots=True)
class Contender:
    about: str
    embed: Callable[[Sequence[Pixels]], Vectors]
    decode: Callable[[bytes], Pixels]
    embedder: "Embedder | None" = None


def eager(folder: Path, _cache: Path, device: str) -> Contender:
    """As in any tutorial."""
    import torch
    from torchvision import transforms
    from torchvision.models import resnet50

    network = resnet50()
    network.fc = torch.nn.Identity()
    network.load_state_dict(torch.load(folder / STATE))
    network.eval().to(device)
    to_input = transforms.Compose([transforms.ToTensor(), transforms.Normalize(MEAN, STD)])
    crop = transforms.Compose([transforms.Resize(RESIZE), transforms.CenterCrop(SIDE)])

    def embed(pixels: Sequence[Pixels]) -> Vectors:
        with torch.no_grad():
            features = network(torch.stack([to_input(picture) for picture in pixels]).to(device))
            vectors: Vectors = torch.nn.functional.normalize(features, dim=1).cpu().numpy()
        return vectors

    def decode(data: bytes) -> Pixels:
        return np.array(crop(Image.open(BytesIO(data)).convert("RGB")))

    return Contender("float32", embed, decode)


def onnx_runtime(folder: Path, _cache: Path, device: str) -> Contender:
    """Its defaults are what its documentation recommends: every optimisation, a thread for every core."""
    onnxruntime = library("onnxruntime")
    provider = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}[device]
    if provider not in onnxruntime.get_available_providers():
        raise Unavailable("the installed ONNX Runtime is built without CUDA")
    session = onnxruntime.InferenceSession(folder / GRAPH, providers=[provider])

    def embed(pixels: Sequence[Pixels]) -> Vectors:
        vectors: Vectors = session.run(None, {"pixels": np.stack(pixels)})[0]
        return vectors

    return Contender("float32", embed, _decoded)


def open_vino(folder: Path, cache: Path, device: str) -> Contender:
    """One picture under the hint for latency, more of them spread over as many requests as it asks for."""
    openvino = library("openvino")
    if device != "cpu":
        raise Unavailable("OpenVINO does not run on CUDA")
    core = openvino.Core()
    core.set_property({"CACHE_DIR": str(cache)})

    def compiled(batch: int, hint: str) -> Any:
        model = core.read_model(folder / GRAPH)
        model.reshape([batch, SIDE, SIDE, 3])
        return core.compile_model(model, "CPU", {"PERFORMANCE_HINT": hint})

    def spread(batch: int) -> tuple[Any, int]:
        wanted = compiled(1, "THROUGHPUT").get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")
        each = next(each for each in range(max(1, batch // wanted), 0, -1) if batch % each == 0)
        return openvino.AsyncInferQueue(compiled(each, "THROUGHPUT")), each

    single = compiled(1, "LATENCY")
    request = single.create_infer_request()
    queues: dict[int, tuple[Any, int]] = {}

    def embed(pixels: Sequence[Pixels]) -> Vectors:
        if len(pixels) == 1:
            return np.array(request.infer({0: pixels[0][None]})[0])
        queue, each = queues.get(len(pixels)) or queues.setdefault(len(pixels), spread(len(pixels)))
        parts: dict[int, Vectors] = {}
        queue.set_callback(lambda done, at: parts.update({at: done.get_output_tensor().data.copy()}))
        for at in range(0, len(pixels), each):
            queue.start_async({0: np.stack(pixels[at : at + each])}, at)
        queue.wait_all()
        return np.concatenate([parts[at] for at in sorted(parts)])

    precision = single.get_property("INFERENCE_PRECISION_HINT").get_type_name()
    return Contender({"bf16": "bfloat16", "f32": "float32"}.get(precision, precision), embed, _decoded)


def vizinho(folder: Path, cache: Path, device: str) -> Contender:
    return _this_embedder(folder, cache, device, "background")


def vizinho_eager(folder: Path, cache: Path, device: str) -> Contender:
    return _this_embedder(folder, cache, device, "off")


def _this_embedder(folder: Path, cache: Path, device: str, compilation: Any) -> Contender:
    from embedder import Embedder, EmbedderConfig, read_image

    embedder = Embedder.load(
        EmbedderConfig(weights=str(folder / STATE), cache_dir=cache, device=device, compilation=compilation)
    )
    return Contender(
        embedder.precision, embedder.embed, lambda data: embedder.prepare(read_image(data)), embedder
    )


LOADERS: dict[str, Callable[[Path, Path, str], Contender]] = {
    "eager": eager,
    "onnxruntime": onnx_runtime,
    "openvino": open_vino,
    "vizinho-eager": vizinho_eager,
    "vizinho": vizinho,
}


def _decoded(data: bytes) -> Pixels:
    image = Image.open(BytesIO(data)).convert("RGB")
    scale = RESIZE / min(image.size)
    image = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.BILINEAR)
    left, top = (image.width - SIDE) // 2, (image.height - SIDE) // 2
    return np.array(image.crop((left, top, left + SIDE, top + SIDE)))
