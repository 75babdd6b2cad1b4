"""From labelled pictures to weights. Everything random is drawn from the seed and the number of the step, so a training
that was killed and goes on ends as it would have."""

import copy
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from embedder.compilation import cpp_compiler
from embedder.lanes import Lanes, usable_cores
from embedder.runtime import choose_device

from .augmentation import drawn_views
from .checkpoints import Checkpoints, Position, digest_of
from .config import TrainingConfig
from .errors import TrainingError
from .examples import Pictures
from .heads import Heads
from .labels import Question
from .optimizer import Descent
from .order import Places, epoch_order
from .products import with_products
from .replicas import Learner, Replicas, Share, training_precision
from .start import first_network
from .vectors import settle, vectors_of

_SAVED_EVERY_S = 300.0
_SMALLEST_SHARE = 8
"""Pictures of a batch that a core works through: among fewer, what is usual is mostly chance."""

Judge = Callable[[NDArray[np.float32]], float]


@dataclass(frozen=True, slots=True)
class Progress:
    step: int
    steps: int
    loss: float
    images_per_s: float
    figure: float | None
    """What the judge said last."""


@dataclass(frozen=True, slots=True)
class Learned:
    """`network` is without its questions, on the processor."""

    network: nn.Module
    position: Position
    images_per_s: float


class Training:
    def __init__(
        self,
        pictures: Pictures,
        judged: NDArray[np.uint8],
        judge: Judge,
        questions: Sequence[Question],
        config: TrainingConfig,
        folder: Path,
    ) -> None:
        """After every epoch `judge` is given the vectors of what is `judged`; kept are the last weights, unless the
        figures fell. The first question is the one whose answers are balanced."""
        if not questions:
            raise TrainingError("No label has two values of five pictures each: there is nothing to learn.")
        labels = [example.labels for example in pictures.examples]
        if len(labels) < config.batch:
            raise TrainingError(f"{len(labels)} pictures are fewer than a batch of {config.batch}.")
        self._pixels, self._judged, self._judge, self._config = pictures.pixels, judged, judge, config
        self._answers = np.stack([question.answers(labels) for question in questions], 1)
        self._per_epoch = len(labels) // config.batch
        self._steps = self._per_epoch * config.epochs
        device = choose_device(config.device)
        self._lanes = _lanes_for(device, config)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(config.seed)
            network, backbone = first_network(config)
            if device.type == "cpu":
                network = with_products(network)
            heads = Heads(questions, backbone.parts or [backbone.dim])
        self._learner = Learner(network, heads, training_precision(device)).to(device).train()
        # Not for the processor: there it takes minutes, and brings nothing.
        compiled = device.type == "cuda" and cpp_compiler() is not None
        self._replicas = Replicas(self._learner, self._lanes, compiled=compiled)
        self._descent = Descent(list(self._learner.parameters()), config, self._steps)
        self._position = Position()
        self._kept: dict[str, torch.Tensor] = {}
        self._order: tuple[int, Places] | None = None
        self._checkpoints = Checkpoints(folder, digest_of(pictures.examples, questions, config))

    def run(self, on_progress: Callable[[Progress], None]) -> Learned:
        self._resume()
        saved = time.monotonic()
        while not self._is_done():
            started = time.perf_counter()
            loss = self._step()
            ended = self._position.step % self._per_epoch == 0
            if ended:
                self._end_epoch()
            self._position.seconds += time.perf_counter() - started
            if ended or time.monotonic() - saved > _SAVED_EVERY_S:
                self._save()
                saved = time.monotonic()
            on_progress(self._progress(loss))
        return self._learned()

    def close(self) -> None:
        self._lanes.close()

    def _is_done(self) -> bool:
        epochs = len(self._position.figures)
        tired = epochs - self._position.best_epoch >= self._config.patient_for
        return self._position.step >= self._steps or (bool(epochs) and tired)

    def _step(self) -> float:
        step = self._position.step
        loss = self._replicas.gradients(self._shares(step), self._config.size)
        self._descent.step(step)
        self._position.step += 1
        return loss

    def _shares(self, step: int) -> list[Share]:
        epoch, place = divmod(step, self._per_epoch)
        batch = self._config.batch
        rows = self._order_of(epoch)[place * batch : (place + 1) * batch]
        views = drawn_views(batch, np.random.default_rng((self._config.seed, epoch, place)))
        ends = np.linspace(0, batch, self._lanes.count + 1).astype(int)
        parts = [slice(*ends[lane : lane + 2]) for lane in range(self._lanes.count)]
        return [
            (
                torch.from_numpy(self._pixels[rows[part]]),
                views.part(part),
                torch.from_numpy(self._answers[rows[part]]),
            )
            for part in parts
        ]

    def _order_of(self, epoch: int) -> Places:
        if self._order is None or self._order[0] != epoch:
            config = self._config
            self._order = epoch, epoch_order(self._answers[:, 0], config.balance, config.seed, epoch)
        return self._order[1]

    def _end_epoch(self) -> None:
        """Judged by a copy, which first sees pictures as they will be when it serves."""
        network = copy.deepcopy(self._learner)
        resize, size = self._config.resize, self._config.input_size
        self._lanes.submit(lambda: settle(network, self._pixels, resize, size)).result()
        position = self._position
        position.figures.append(self._judge(vectors_of(network, self._judged, resize, size, self._lanes)))
        if position.kept_epoch == len(position.figures):
            self._kept = {name: value.cpu() for name, value in network.network.state_dict().items()}

    def _progress(self, loss: float) -> Progress:
        position = self._position
        figure = position.figures[-1] if position.figures else None
        return Progress(position.step, self._steps, loss, self._images_per_s(), figure)

    def _images_per_s(self) -> float:
        return self._position.step * self._config.batch / max(self._position.seconds, 1e-9)

    def _learned(self) -> Learned:
        network = copy.deepcopy(self._learner.network).cpu()
        network.load_state_dict(self._kept)
        return Learned(network.eval().requires_grad_(False), self._position, self._images_per_s())

    def _save(self) -> None:
        self._checkpoints.save(
            {
                "learner": self._learner.state_dict(),
                "descent": self._descent.state_dict(),
                "position": asdict(self._position),
                "kept": self._kept,
            }
        )

    def _resume(self) -> None:
        if (kept := self._checkpoints.load()) is None:
            return
        self._learner.load_state_dict(kept["learner"])
        self._descent.load_state_dict(kept["descent"])
        self._position = Position(**kept["position"])
        self._kept = kept["kept"]


def _lanes_for(device: torch.device, config: TrainingConfig) -> Lanes:
    if device.type != "cpu":
        return Lanes(1)
    return Lanes.on_cores(config.threads or usable_cores(), max(1, config.batch // _SMALLEST_SHARE))
