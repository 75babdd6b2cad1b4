"""Figures as they were before they became JSON."""

from typing import Any

from .figures import Flood, Load, Overload, Spread


def spread_from(raw: dict[str, float] | None) -> Spread | None:
    return Spread(**raw) if raw else None


def load_from(raw: dict[str, Any]) -> Load:
    spreads = {name: spread_from(raw[name]) for name in ("latency", "rest")}
    return Load(**raw | spreads)


def flood_from(raw: dict[str, Any]) -> Flood:
    spreads = {name: spread_from(raw[name]) for name in ("accepted", "rejected")}
    return Flood(**raw | spreads)


def overload_from(raw: dict[str, Any]) -> Overload:
    resident = [(seconds, resident) for seconds, resident in raw["resident_bytes"]]
    return Overload(**raw | {"flood": flood_from(raw["flood"]), "resident_bytes": resident})
