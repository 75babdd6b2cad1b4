import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import typer

from service.catalog.auditing import KINDS, Auditing, Kind
from service.catalog.media import open_media
from service.catalog.names import names_in
from service.commands.audit_sheets import draw_sheets
from service.commands.audit_tables import show
from service.commands.audited import Audited
from service.commands.console import configure_logging, images_progress, load_settings, out, run
from service.commands.exits import Exit
from service.commands.live_store import live_store
from service.commands.output import check_output, make_folder
from service.settings import Settings
from service.store.files import write_whole


@dataclass(frozen=True, slots=True)
class AuditOptions:
    only: str | None
    fail_on: str | None
    most: int | None
    as_json: Path | None
    sheets: Path | None


def audit(options: AuditOptions) -> None:
    kinds = _kinds("--only", options.only) or list(KINDS)
    fatal = _kinds("--fail-on", options.fail_on)
    if missed := [kind for kind in fatal if kind not in kinds]:
        raise typer.BadParameter(f"--only leaves out {', '.join(missed)}.", param_hint="--fail-on")
    if options.as_json is not None:
        check_output("--json", options.as_json, [".json"])
    if options.sheets is not None:
        make_folder("--sheets", options.sheets)
    settings = load_settings()
    configure_logging(settings)
    audited = run(_audited(settings, kinds, options))
    show(audited)
    if options.as_json is not None:
        out.print(f"All of it is in {options.as_json}.", markup=False, highlight=False, soft_wrap=True)
    if any(audited.counts[kind] for kind in fatal):
        raise typer.Exit(Exit.FOUND)


def _kinds(option: str, text: str | None) -> list[Kind]:
    names = names_in(text)
    if unknown := [name for name in names if name not in KINDS]:
        raise typer.BadParameter(f"{', '.join(unknown)}: these are {', '.join(KINDS)}.", param_hint=option)
    return [cast("Kind", name) for name in dict.fromkeys(names)]


async def _audited(settings: Settings, kinds: Sequence[Kind], options: AuditOptions) -> Audited:
    audited = Audited(kinds)
    async with live_store(settings) as store:
        media = open_media(settings.media_url, settings.data_dir)
        total = await store.count(exact=False)
        with images_progress() as bars:
            task = bars.add_task("looking", total=min(total, options.most or total))
            async for step in Auditing(store, media, kinds).steps(options.most):
                audited.take(step)
                bars.advance(task, step.images)
    if options.as_json is not None:
        await asyncio.to_thread(_write, options.as_json, audited)
    if options.sheets is not None:
        await draw_sheets(options.sheets, audited, media)
    return audited


def _write(path: Path, audited: Audited) -> None:
    write_whole(path, json.dumps(audited.plain(), ensure_ascii=False, indent=2).encode())
