import json
from pathlib import Path

import typer

from service.catalog.distribution import Distributions
from service.catalog.names import names_in
from service.catalog.parts import Counted
from service.commands import charts
from service.commands.console import configure_logging, fail, load_settings, out, run
from service.commands.live_store import live_store
from service.commands.output import check_output
from service.commands.plain import plain
from service.commands.tables import show
from service.settings import Settings
from service.store.files import write_whole

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
    names = names_in(by)
    if len(names) > 2 or (by is not None and not names):
        raise typer.BadParameter("one name or two, such as gender,category.", param_hint="--by")
    return names


async def _counted(settings: Settings, names: list[str], top: int) -> Counted:
    async with live_store(settings) as store:
        distributions = Distributions(store)
        match names:
            case []:
                return await distributions.overview(top)
            case [name]:
                return await distributions.by(name, top)
        return await distributions.cross(names[0], names[1], top)


def _plot(counted: Counted, path: Path, *, as_json: bool) -> None:
    if not counted.products:
        fail("There are no products yet, so there is nothing to draw.")
    write_whole(path, charts.drawn(counted, path.suffix.lower()))
    if not as_json:
        out.print(f"The chart is {path}.", markup=False, highlight=False, soft_wrap=True)
