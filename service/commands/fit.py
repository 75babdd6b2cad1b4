"""Learns from a catalogue's pictures how to make its vectors shorter and better."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from rich.markup import escape
from rich.table import Table

from embedder import Candidate, Embedder
from service.catalog.fitting.fitting import Fitted, Fitting
from service.catalog.quality.figures import Interval
from service.catalog.quality.goods import Good
from service.catalog.quality.words import between
from service.catalog.sources.options import SourceOptions
from service.commands.console import configure_logging, images_progress, load_settings, out, run
from service.commands.drawn import drawn
from service.commands.opening import loaded_embedder
from service.commands.output import check_output
from service.commands.stages import stages
from service.commands.tables import right
from service.settings import Settings
from service.state import image_limits
from service.store.files import write_whole


@dataclass(frozen=True, slots=True)
class FitOptions:
    out: Path
    source: str | None
    read_as: SourceOptions
    dim: int
    images: int
    same: Sequence[str]


def fit(options: FitOptions) -> None:
    check_output("--out", options.out, (".safetensors",))
    # A fit is made of what a network itself gives; and what is compiled gives vectors only.
    settings = load_settings(compilation="off").model_copy(update={"fit": None})
    configure_logging(settings)
    _show(run(_fit(settings, options)), options.out)


async def _fit(settings: Settings, options: FitOptions) -> Fitted:
    async with drawn(settings, options.source, options.read_as, options.images) as products:
        embedder = await loaded_embedder(settings, products.live)
        try:
            fitted = await _learned(embedder, settings, products.goods, options)
        finally:
            await asyncio.to_thread(embedder.close)
    await asyncio.to_thread(write_whole, options.out, fitted.fit.file())
    return fitted


async def _learned(embedder: Embedder, settings: Settings, goods: list[Good], options: FitOptions) -> Fitted:
    with stages(images_progress()) as on_progress:
        return await Fitting(embedder, image_limits(settings), on_progress).run(
            goods, options.dim, options.same
        )


def _show(fitted: Fitted, path: Path) -> None:
    choice = fitted.choice
    table = Table("", "pooling", "centred", "whitened", right("numbers"), right(choice.measure))
    table.add_row("", "as it is", "", "", f"{choice.own_dim:,}", f"{choice.own:.3f}")
    for candidate, score in choice.scores:
        mark = "[green]✓[/]" if candidate is choice.best else ""
        table.add_row(mark, *_words(candidate), f"{candidate.fit.dim:,}", f"{score:.3f}")
    out.print(table)
    out.print(
        f"Learned from {fitted.pictures:,} pictures, and chosen by others. By {choice.questions:,} products that had "
        f"no part in either, {choice.measure}: {between(choice.before)} as it is, {between(choice.after)} "
        f"with the fit; {_verdict(choice.gain)}",
        highlight=False,
    )
    out.print(f"Wrote {escape(str(path))}. To take it live: vizinho reembed --fit {escape(quote(str(path)))}")


def _words(candidate: Candidate) -> tuple[str, ...]:
    pooling = " + ".join(map(str, candidate.fit.pooling))
    return pooling, "yes" if candidate.centred else "no", f"{candidate.exponent:.0%}"


def _verdict(gain: Interval) -> str:
    by = between(gain, "+.3f")
    if gain.low > 0:
        return f"{by}, a gain."
    return f"{by}, a loss." if gain.high < 0 else f"{by}, which may be chance."
