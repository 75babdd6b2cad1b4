"""A whole evaluation as JSON, for scripts and for the next one to be compared with."""

import json
import math
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from service.catalog.quality.figures import Evaluation
from service.catalog.quality.goods import Image

VERSION = 1


def as_json(evaluation: Evaluation) -> str:
    """A number that is none is null; so is a picture that lies in the catalogue, where its id finds it."""
    plain = {"version": VERSION, **_plain(evaluation)}
    return json.dumps(plain, indent=1, allow_nan=False) + "\n"


def from_json(text: str) -> Evaluation:
    try:
        return _evaluation(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(f"This is no evaluation of version {VERSION}: {error}") from error


def _evaluation(plain: dict[str, Any]) -> Evaluation:
    if (version := plain.pop("version")) != VERSION:
        raise ValueError(f"its version is {version}.")
    made: Evaluation = _made(Evaluation, plain)
    return made


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Path):
        return str(value)
    return None if callable(value) else value


def _made(kind: Any, plain: Any) -> Any:
    if kind is float:
        return math.nan if plain is None else float(plain)
    if kind == Image:
        return _not_kept if plain is None else Path(plain)
    if isinstance(kind, UnionType):
        return None if plain is None else _made(get_args(kind)[0], plain)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{name: _made(hints[name], part) for name, part in plain.items()})  # type: ignore[operator]  # a class
    if get_origin(kind) in (list, tuple):
        return get_origin(kind)(_made(get_args(kind)[0], part) for part in plain)
    return plain


def _not_kept() -> bytes:
    raise FileNotFoundError("The picture lies in the catalogue, not in the report.")
