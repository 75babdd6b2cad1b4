"""What is compared, each in a process of its own: no contender's threads, allocator or settings reach another's.

A process loads one contender, says when its first vectors were there, and then measures what it is asked to: requests
come in as JSON, one a line, and answers go out in the same way. Each library is imported only by whoever needs it,
because starting up is measured too.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from io import BytesIO
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

if TYPE_CHECKING:
    from embedder import Embedder

Pixels = NDArray[np.uint8]
Vectors = NDArray[np.float32]

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
SIDE, RESIZE = 224, 256
STATE, GRAPH, PIXELS = "resnet50.pth", "resnet50.onnx", "pixels.npy"

_COMPILATION_S = 900.0
_RAMP_S = 0.5  # until the callers are spread as they will be


class Unavailable(Exception):
    """A contender that cannot run here, which is no failure."""


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
    onnxruntime = _library("onnxruntime")
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
    openvino = _library("openvino")
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


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise Unavailable(f"{error.name} is not installed") from error


def _decoded(data: bytes) -> Pixels:
    image = Image.open(BytesIO(data)).convert("RGB")
    scale = RESIZE / min(image.size)
    image = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.BILINEAR)
    left, top = (image.width - SIDE) // 2, (image.height - SIDE) // 2
    return np.array(image.crop((left, top, left + SIDE, top + SIDE)))


def images_per_s(step: Callable[[], object], images: int, seconds: float) -> float:
    done, elapsed, started = 0, 0.0, time.perf_counter()
    while elapsed < seconds:
        step()
        done, elapsed = done + images, time.perf_counter() - started
    return done / elapsed


async def callers_per_s(
    embedder: "Embedder",
    decode: Callable[[bytes], Pixels],
    jpegs: Iterator[bytes],
    callers: int,
    seconds: float,
) -> float:
    """Counted while all of them are at it: neither the start nor the end, when some wait for nobody."""
    from embedder import MicroBatcher

    begin = time.perf_counter() + _RAMP_S
    end, done = begin + seconds, 0

    async def call(batcher: MicroBatcher) -> None:
        nonlocal done
        while time.perf_counter() < end:
            await batcher.embed(partial(decode, next(jpegs)))
            done += begin <= time.perf_counter() < end

    async with MicroBatcher(embedder) as batcher:
        await asyncio.gather(*(call(batcher) for _ in range(callers)))
    return done / seconds


class Worker:
    def __init__(self, contender: Contender, folder: Path) -> None:
        self._contender, self._folder = contender, folder
        self._pixels: list[Pixels] = list(np.load(folder / PIXELS))

    def start(self, started: float) -> dict[str, Any]:
        """`started` is by the system's monotonic clock, which all processes share."""
        self._contender.embed(self._pixels[:1])
        answer = {"about": self._contender.about, "first_vector_s": time.monotonic() - started}
        if self._contender.embedder:
            answer["runtime"] = self._contender.embedder.settle(_COMPILATION_S)
            self._contender.embed(self._pixels[:1])
            if answer["runtime"] == "compiled":
                answer["compiled_vector_s"] = time.monotonic() - started
        return answer

    def rate(self, kind: str, count: int, side: int, seconds: float) -> float:
        contender, jpegs = self._contender, cycle(self._jpegs(side))
        if kind == "pixels":
            batch = list(islice(cycle(self._pixels), count))
            return images_per_s(lambda: contender.embed(batch), count, seconds)
        if kind == "jpeg":
            return images_per_s(
                lambda: contender.embed([contender.decode(data) for data in islice(jpegs, count)]),
                count,
                seconds,
            )
        assert contender.embedder
        # Vectors come a batch at a time: it takes longer until one more or one less no longer matters.
        window_s = 2 * seconds
        return asyncio.run(callers_per_s(contender.embedder, contender.decode, jpegs, count, window_s))

    def save_vectors(self, path: str) -> int:
        # One by one and all at once: batches of different sizes may well take different ways.
        single = [self._contender.embed([picture])[0] for picture in self._pixels]
        np.save(path, np.stack([*single, *self._contender.embed(self._pixels)]))
        return len(single)

    def close(self) -> None:
        if self._contender.embedder:
            self._contender.embedder.close()

    def _jpegs(self, side: int) -> list[bytes]:
        return [path.read_bytes() for path in sorted((self._folder / str(side)).glob("*.jpg"))]


def serve(name: str, folder: Path, cache: Path, device: str, started: float, answers: TextIO) -> None:
    def answer(contents: dict[str, Any]) -> None:
        print(json.dumps(contents), file=answers, flush=True)

    try:
        contender = LOADERS[name](folder, cache, device)
    except Unavailable as reason:
        answer({"missing": str(reason)})
        return
    worker = Worker(contender, folder)
    answer(worker.start(started))
    for line in sys.stdin:
        request = json.loads(line)
        answer({"answer": getattr(worker, request.pop("do"))(**request)})
    worker.close()


if __name__ == "__main__":
    # Libraries write to the standard output as they like: it is moved out of their reach.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    contender, folder, cache, device, started = sys.argv[1:]
    serve(contender, Path(folder), Path(cache), device, float(started), answers)
