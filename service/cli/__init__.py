"""`vizinho`: the command line. Names and options are here; what they do is in commands/."""

# In the order in which the help tells of them.
from service.cli import serving, taking_in, asking, looking, measuring, learning, keeping, keys  # noqa: F401, I001
from service.cli.root import app

__all__ = ["app", "main"]


def main() -> None:
    app()
