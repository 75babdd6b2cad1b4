"""Charts: what they are lettered, sized and saved with. The library is of the optional part `plots`."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

_INK = "#374151"
_LETTERS = (
    "DejaVu Sans",
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "WenQuanYi Zen Hei",
    "Arial Unicode MS",
    "Microsoft YaHei",
)


@contextmanager
def lettered() -> Iterator[None]:
    """Within it a chart is drawn and saved, in fonts that have the letters of more than one alphabet."""
    import matplotlib as mpl

    mpl.use("Agg")
    with mpl.rc_context(_style()), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of letters that no font here has
        yield


def _style() -> Any:
    from matplotlib import font_manager

    have = set(font_manager.fontManager.get_font_names())
    return {
        "font.family": [name for name in _LETTERS if name in have],
        "font.size": 9,
        "axes.titlesize": 11,
        "axes.titleweight": "bold",
        "text.color": _INK,
    }


def sized(width: float, height: float) -> Any:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    figure = Figure(figsize=(width, height), layout=ConstrainedLayoutEngine(w_pad=0.15, h_pad=0.15))
    FigureCanvasAgg(figure)
    return figure


def saved(figure: Any, form: str) -> bytes:
    file = BytesIO()
    figure.savefig(file, format=form, dpi=150)
    return file.getvalue()


def unset(text: str) -> str:
    """What stands between two dollars would be set as a formula."""
    return text.replace("$", r"\$")
