"""The dashboard and the alerts ask for metrics that there are, by labels that they have.

Which those are stands in docs/operations.md, and tests/e2e/test_telemetry.py holds that page against a service.
"""

import json
import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import promql_parser
import pytest
import yaml

from tests.deployment.compose import ROOT, services

DASHBOARD: dict[str, Any] = json.loads((ROOT / "deploy/grafana/vizinho.json").read_text(encoding="utf-8"))
ALERTS: dict[str, Any] = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8"))
RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
_FOREIGN = {
    "up": {"job", "instance"},
    "process_resident_memory_bytes": {"job", "instance"},
    "process_cpu_seconds_total": {"job", "instance"},
}
_SERIES = {"histogram": ("_bucket", "_sum", "_count")}


def documented() -> dict[str, set[str]]:
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(vizinho_\w+)` \| (\w+) \|(.*?)\|", page, re.MULTILINE)
    found = dict(_FOREIGN)
    for name, kind, labels in rows:
        for suffix in _SERIES.get(kind, ("",)):
            own = set(re.findall(r"`(\w+)`", labels)) | {"job", "instance"}
            found[name + suffix] = own | ({"le"} if suffix == "_bucket" else set())
    return found


def expressions() -> Iterator[str]:
    for rule in RULES:
        yield rule["expr"]
    for panel in DASHBOARD["panels"]:
        for target in panel.get("targets", ()):
            yield target["expr"].replace("$__rate_interval", "5m")


def parts(node: Any) -> Iterator[Any]:
    yield node
    for name in ("lhs", "rhs", "expr", "vector_selector"):
        if (part := getattr(node, name, None)) is not None:
            yield from parts(part)
    for argument in getattr(node, "args", None) or ():
        yield from parts(argument)


@pytest.mark.parametrize("expression", list(expressions()))
def test_every_metric_asked_for_is_there_with_its_labels(expression: str) -> None:
    known, asked = documented(), list(parts(promql_parser.parse(expression)))
    selectors = [part for part in asked if isinstance(part, promql_parser.VectorSelector)]
    assert selectors
    for selector in selectors:
        assert selector.name is not None, expression
        assert selector.name in known, expression
        assert {matcher.name for matcher in selector.matchers.matchers} <= known[selector.name], expression
    labels = {label for part in asked for label in _grouped(part)}
    assert labels <= set.union(*(known[selector.name or ""] for selector in selectors)), expression


def _grouped(part: Any) -> list[str]:
    modifier = part.modifier if isinstance(part, promql_parser.AggregateExpr) else None
    return [] if modifier is None else list(modifier.labels)


def test_every_metric_of_ours_is_watched_somewhere() -> None:
    everything = " ".join(expressions()) + json.dumps(DASHBOARD["templating"])
    ours = {re.sub(r"_(bucket|sum|count)$", "", name) for name in documented() if name not in _FOREIGN}
    assert {name for name in ours if name not in everything} == set()


def test_a_rate_is_taken_of_counters_alone_and_over_what_grafana_says() -> None:
    for panel in DASHBOARD["panels"]:
        for target in panel.get("targets", ()):
            for metric, window in re.findall(r"rate\((\w+)\{[^}]*\}\[([^]]+)\]\)", target["expr"]):
                assert metric.endswith(("_total", "_sum", "_count", "_bucket")), metric
                assert window == "$__rate_interval"


def test_every_panel_has_its_place_and_one_of_its_own() -> None:
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    for panel in panels:
        at = panel["gridPos"]
        assert 0 <= at["x"] < at["x"] + at["w"] <= 24
        assert panel["title"]
    for one, other in combinations([panel["gridPos"] for panel in panels], 2):
        apart = (
            one["x"] + one["w"] <= other["x"]
            or other["x"] + other["w"] <= one["x"]
            or one["y"] + one["h"] <= other["y"]
            or other["y"] + other["h"] <= one["y"]
        )
        assert apart


def test_every_variable_is_one_that_the_dashboard_has() -> None:
    known = {variable["name"] for variable in DASHBOARD["templating"]["list"]}
    used = set(re.findall(r"\$\{?([a-z]\w*)", json.dumps(DASHBOARD)))
    assert used <= known | {"__rate_interval"}


def test_an_alert_speaks_only_of_labels_that_are_left() -> None:
    for rule in RULES:
        said = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
        asked = list(parts(promql_parser.parse(rule["expr"])))
        grouped = [set(_grouped(part)) for part in asked if isinstance(part, promql_parser.AggregateExpr)]
        selectors = [part for part in asked if isinstance(part, promql_parser.VectorSelector)]
        left = set.intersection(*grouped) if grouped else documented()[selectors[0].name or ""]
        assert said <= left, rule["alert"]


def test_prometheus_asks_every_service_of_the_cluster() -> None:
    config = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text(encoding="utf-8"))
    (job,) = config["scrape_configs"]
    targets = job["static_configs"][0]["targets"]
    assert targets == [f"{name}:8000" for name in services("cluster") if name.startswith("api-")]
    assert config["rule_files"] == ["alerts.yml"]
    assert job["job_name"] == "vizinho"
