"""An evaluation as a folder: to be read, to be looked at, and to be read by scripts."""

from io import BytesIO
from pathlib import Path

from PIL import Image

from embedder import ImageLimits
from service.catalog.quality.as_json import as_json
from service.catalog.quality.chart import chart_of
from service.catalog.quality.contact_sheets import differences_sheet, failures_sheet
from service.catalog.quality.figures import Evaluation
from service.catalog.quality.markdown import CHART, DIFFERENCES, FAILURES, report_of
from service.store.files import sync, write_whole

REPORT, DATA = "report.md", "evaluation.json"


def write_report(evaluation: Evaluation, folder: Path, limits: ImageLimits) -> None:
    """Reads pictures, wherever they lie: call it in a thread. Each file is whole; one of an earlier evaluation that
    this one has nothing for is taken away."""
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / DATA, as_json(evaluation).encode())
    pictures = {CHART: chart_of(evaluation)}
    for name, sheet in (
        (DIFFERENCES, differences_sheet(evaluation.contrasts, limits)),
        (FAILURES, failures_sheet(evaluation.worst, limits)),
    ):
        if sheet is not None:
            pictures[name] = _png(sheet)
    for name in (CHART, DIFFERENCES, FAILURES):
        _write_or_remove(folder / name, pictures.get(name))
    write_whole(folder / REPORT, report_of(evaluation, list(pictures)).encode())
    sync(folder)


def _png(sheet: Image.Image) -> bytes:
    file = BytesIO()
    sheet.save(file, "PNG", optimize=True)
    return file.getvalue()


def _write_or_remove(path: Path, data: bytes | None) -> None:
    if data is None:
        path.unlink(missing_ok=True)
    else:
        write_whole(path, data)
