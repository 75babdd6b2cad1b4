"""A network that learns from labelled pictures.

training = Training(examples, TrainingConfig(), folder)
learned = training.run(on_progress)
write_weights(path, learned.network, card)
"""

from embedder.weights import SIZE_STEP

from .config import Start, TrainingConfig
from .errors import TrainingError
from .examples import Example, Pictures, read_pictures
from .labels import Question, questions_of
from .learned import write_weights
from .start import NOTHING
from .training import Learned, Progress, Training

__all__ = [
    "NOTHING",
    "SIZE_STEP",
    "Example",
    "Learned",
    "Pictures",
    "Progress",
    "Question",
    "Start",
    "Training",
    "TrainingConfig",
    "TrainingError",
    "questions_of",
    "read_pictures",
    "write_weights",
]
