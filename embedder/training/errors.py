from embedder.errors import EmbedderError


class TrainingError(EmbedderError):
    """Nothing can be learned from what was given."""
