from io import StringIO

from rich.console import Console

from benchmarks.api.figures import Results
from benchmarks.api.report import from_json, show, to_json

from .test_figures import overload_of, results, round_of


def shown(found: Results) -> str:
    console = Console(file=StringIO(), record=True, width=160)
    show(found, console)
    return console.export_text()


def test_results_survive_their_file() -> None:
    found = results(round_of(), round_of(), overload=overload_of(lost=2))
    assert from_json(to_json(found)) == found
    assert from_json(to_json(results())) == results()


def test_the_report_shows_rates_shares_and_verdicts() -> None:
    text = shown(results(round_of(share=0.75), overload=overload_of(lost=2)))
    for words in ("90.0", "0.750", "lost: 2", "503: 5,000", "missed"):
        assert words in text


def test_a_report_of_one_part_is_no_longer_than_it() -> None:
    assert "ten times" not in shown(results(round_of()))
    assert "requests/s, and" not in shown(results(overload=overload_of()))
