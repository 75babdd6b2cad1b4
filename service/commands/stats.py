import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import typer

from service.catalog.distribution import Distributions
from service.catalog.parts import Counted
from service.commands import charts
from service.commands.console import configure_logging, fail, load_settings, out, run
from service.commands.output import check_output
from service.commands.plain import plain
from service.commands.tables import show
from service.settings import Settings
from service.state import opened_generations
from service.store.base import VectorStore
from service.store.errors import SchemaBehind
from service.store.files import write_whole
from service.store.live import check_schema

_TOP, _TOP_OF_SEVERAL = 20, 8


def stats(by: str | None, top: int | None, plot: Path | None, *, as_json: bool) -> None:
    names = _names(by)
    if plot is not None:
        check_output("--plot", plot, charts.FORMATS)
        charts.check_installed()
    settings = load_settings()
    configure_logging(settings)
    counted = run(_counted(settings, names, top or (_TOP if len(names) == 1 else _TOP_OF_SEVERAL)))
    if as_json:
        typer.echo(json.dumps(plain(counted), ensure_ascii=False, indent=2))
    else:
        show(counted)
    if plot is not None:
        _plot(counted, plot, as_json=as_json)


def _names(by: str | None) -> list[str]:
    names = [name.strip() for name in (by or "").split(",") if name.strip()]
    if len(names) > 2 or (by is not None and not names):
        raise typer.BadParameter("one name or two, such as gender,category.", param_hint="--by")
    return names


async def _counted(settings: Settings, names: list[str], top: int) -> Counted:
    async with _live_store(settings) as store:
        distributions = Distributions(store)
        match names:
            case []:
                return await distributions.overview(top)
            case [name]:
                return await distributions.by(name, top)
        return await distributions.cross(names[0], names[1], top)


@asynccontextmanager
async def _live_store(settings: Settings) -> AsyncIterator[VectorStore]:
    """A running service's store too. Nothing is embedded, so no network is loaded."""
    async with opened_generations(settings, join=True) as generations:
        live = await generations.live()
        if live is None:
            raise SchemaBehind("There is no catalogue yet. `vizinho ingest FOLDER` makes one.")
        await check_schema(generations, live, upgrade=False)
        store = generations.open(live)
        await store.load()
        yield store


def _plot(counted: Counted, path: Path, *, as_json: bool) -> None:
    if not counted.products:
        fail("There are no products yet, so there is nothing to draw.")
    write_whole(path, charts.drawn(counted, path.suffix.lower()))
    if not as_json:
        out.print(f"The chart is {path}.", markup=False, highlight=False, soft_wrap=True)
