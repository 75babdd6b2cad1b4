"""The whole recipe, small: its commands fit together, and its figures are those of the weights that it made."""

from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.learning.recipe import Recipe
from service.catalog.sample import draw_catalogue

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def test_the_recipe_learns_goes_live_and_is_measured_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIZINHO_COMPILATION", "off")
    draw_catalogue(tmp_path / "shop", products=240, seed=7)
    train = ["--epochs", "1", "--size", "32", "--batch", "16"]
    recipe = Recipe(tmp_path / "shop", tmp_path / "data", "baseColour=1.2", train, Console(quiet=True))
    result = recipe.run(tmp_path / "work")
    figures = result.figures
    assert figures.seconds.keys() == {"ingest", "evaluate", "train", "reembed"}
    assert figures.card["input_size"] == 32
    assert {one["pipeline"] for one in figures.after["figures"]} > {
        one["pipeline"] for one in figures.before["figures"]
    }
    assert (result.report / "chart.png").is_file()
