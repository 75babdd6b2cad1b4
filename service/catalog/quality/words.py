"""What was found, in words: the same in the terminal, in the report, on the chart and on the sheets."""

from service.catalog.quality.figures import (
    EVERYWHERE,
    METRICS,
    WORDS,
    Difference,
    Evaluation,
    Index,
    Interval,
)

_MARKS = ((0.001, "***"), (0.01, "**"), (0.05, "*"))


def legend(evaluation: Evaluation) -> str:
    words = "± reaches to the farther end of the 95 % interval."
    if not (differences := evaluation.differences):
        return words
    one = differences[0]
    return (
        f"{words} The gain is in {metric_name(METRICS[0], one.at)}, over {one.a!r}. How often the same answers "
        "would differ as much from its answers by chance: * p < 0.05, ** p < 0.01, *** p < 0.001."
    )


def measured(interval: Interval) -> str:
    return f"{interval.value:.3f} {_reach(interval)}"


def between(interval: Interval, form: str = ".3f") -> str:
    """With both its ends."""
    return f"{interval.value:{form}} ({interval.low:{form}} to {interval.high:{form}})"


def gain(difference: Difference) -> str:
    return f"{difference.by.value:+.3f} {_reach(difference.by)} {mark(difference.p)}".rstrip()


def _reach(interval: Interval) -> str:
    return f"±{max(interval.high - interval.value, interval.value - interval.low):.3f}"


def mark(p: float) -> str:
    return next((mark for below, mark in _MARKS if p < below), "")


def metric_name(metric: str, at: int) -> str:
    return WORDS[metric].format(k=at)


def question(same: str, inside: str) -> str:
    """What was asked, such as `same category and baseColour, inside the category`."""
    return f"{match(same)}, {place(inside)}"


def match(same: str) -> str:
    special = {"pairs": "the given pairs", "images": "other images of the product"}.get(same)
    return special or f"same {' and '.join(same.split(','))}"


def place(inside: str) -> str:
    return "in the whole catalogue" if inside == EVERYWHERE else "inside the category"


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def size(bytes_: float) -> str:
    units = ["bytes", "kB", "MB", "GB", "TB"]
    while bytes_ >= 1000 and len(units) > 1:
        bytes_ /= 1000
        units.pop(0)
    return f"{bytes_:,.1f}".removesuffix(".0") + f" {units[0]}"


def speed(per_s: float | None) -> str:
    return "-" if per_s is None else f"{per_s:,.0f}"


def sentence(index: Index) -> str:
    disk = "" if index.bytes_on_disk is None else f", {size(index.bytes_on_disk)} on disk"
    return (
        f"The index of {index.generation}: {index.vectors:,} vectors{disk}. It finds "
        f"{measured(index.recall)} of what comparing with everything finds "
        f"({measured(index.recall_in_category)} inside a category), at {speed(index.searched_per_s)} "
        f"searches/s instead of {speed(index.exactly_per_s)}."
    )


def extent(evaluation: Evaluation) -> str:
    left_out = f"; {evaluation.unread:,} more could not be read" if evaluation.unread else ""
    return f"{evaluation.products:,} products, {evaluation.images:,} images{left_out}."
