"""Files of learned models: `weights-1f0c22a9.<sha256>.safetensors`, `fit-5d41aa07-256.<sha256>.safetensors`.

Before the first dot is what a fingerprint calls it: so what a generation needs is found by its fingerprint alone.
"""

import re
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["weights", "fit"]

_NAME = re.compile(r"(weights-[0-9a-f]{8}|fit-[0-9a-f]{8}-\d{1,6})\.[0-9a-f]{64}\.(?:safetensors|pth)")


def is_learned(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


def part_of(name: str) -> str:
    return name.split(".")[0]


def sha256_of(name: str) -> str:
    return name.split(".")[1]


def kind_of(part: str) -> str:
    return part.split("-")[0]


def part_in(fingerprint: str, kind: Kind) -> str:
    return next(part for part in fingerprint.split(".") if kind_of(part) == kind)
