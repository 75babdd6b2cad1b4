import typer

from service.catalog.copying import Copied, Copying
from service.commands.alone import alone
from service.commands.console import (
    checked_settings,
    configure_logging,
    images_progress,
    load_settings,
    out,
    run,
)
from service.commands.stages import stages
from service.commands.there import There
from service.settings import Settings
from service.state import opened_generations

_EMBEDDED = "embedded"


def copy(to: str, there: There, *, replace: bool) -> None:
    source = load_settings()
    configure_logging(source)
    target = target_of(source, to, there)
    _show(run(_copy(source, target, replace=replace)), target)


def target_of(source: Settings, to: str, there: There) -> Settings:
    given = dict(source) | {"qdrant_url": None if to == _EMBEDDED else to, "qdrant_ca": there.ca}
    if there.grpc_port is not None:
        given["qdrant_grpc_port"] = there.grpc_port
    if there.collection is not None:
        given["collection"] = there.collection
    if there.api_key_file is not None:
        given["qdrant_api_key"] = there.api_key_file.read_text(encoding="utf-8")
    elif source.qdrant_url is not None:
        given["qdrant_api_key"] = None  # one server's key is not shown to another
    target = checked_settings(given)
    if (source.qdrant_url, source.collection) == (target.qdrant_url, target.collection):
        raise typer.BadParameter("that is where the catalogue is.", param_hint="--to")
    return target


async def _copy(source: Settings, target: Settings, *, replace: bool) -> Copied | None:
    with alone(source):
        async with (
            opened_generations(source, join=True) as here,
            opened_generations(target) as there,
        ):
            with stages(images_progress()) as on_progress:
                return await Copying(here, there, on_progress).run(replace=replace)


def _show(copied: Copied | None, target: Settings) -> None:
    if copied is None:
        out.print("The copy is whole and live already: nothing to do.")
    else:
        _show_figures(copied)
    url = target.qdrant_url
    where = f"with VIZINHO_QDRANT_URL={url}" if url else "without VIZINHO_QDRANT_URL"
    out.print(
        f"Start the service anew {where}, and with VIZINHO_DATA_DIR and VIZINHO_MEDIA_URL as they are: originals and "
        "thumbnails were left where they were. One that still runs with the old settings answers, and takes no writes.",
        markup=False,
    )


def _show_figures(copied: Copied) -> None:
    done, compared = copied.done, copied.compared
    out.print(
        f"{copied.live.name}: {copied.images:,} images, {copied.live.identity.fingerprint}. "
        f"{done.added:,} copied, {done.updated:,} brought up to date, {done.deleted:,} removed."
    )
    out.print(
        f"{compared.images:,} images compared: each has its vector and is found by it; "
        f"{compared.overlap:.0%} of their ten nearest are the same."
    )
    if copied.replaced is not None:
        out.print(
            f"{copied.replaced.name}, which was live there, is kept and takes no writes. "
            "`vizinho reembed --drop-old` drops it."
        )
