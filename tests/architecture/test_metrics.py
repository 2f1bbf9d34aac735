"""Every metric stands in one list, is used, and never carries an id."""

import ast

from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.metrics import MetricWrapperBase

from shared.observability import metrics
from tests.architecture.tree import ROOT, modules, name_of, parsed

_LIST = "shared/observability/metrics.py"
_KINDS = {kind.__name__ for kind in (Counter, Gauge, Histogram)} | {"Summary", "Info", "Enum"}
_LABELS = {
    *("service", "method", "route", "code"),
    *("topic", "partition", "consumergroup", "state", "job", "loop", "site"),
}


def _listed() -> dict[str, MetricWrapperBase]:
    return {name: value for name, value in vars(metrics).items() if isinstance(value, MetricWrapperBase)}


def test_no_metric_is_made_outside_the_one_list() -> None:
    makers = {
        f"{name_of(path)}: {alias.name}"
        for path in modules()
        if name_of(path) != _LIST
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("prometheus_client")
        for alias in node.names
        if alias.name in _KINDS
    }

    assert not makers


def test_every_metric_in_the_list_is_used() -> None:
    used = {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for path in modules()
        if name_of(path) != _LIST
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute | ast.Name)
    }

    assert not set(_listed()) - used


def test_every_metric_is_moved_by_a_test_of_what_it_counts() -> None:
    moved = {
        node.attr
        for node in ast.walk(parsed(ROOT / "tests/integration/messaging/test_metrics.py"))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "metrics"
    }

    assert set(_listed()) <= moved, "show there that it moves when what it counts happens"


def test_labels_are_services_topics_routes_and_sites_never_ids() -> None:
    labels = {label for metric in _listed().values() for label in metric._labelnames}

    assert labels <= _LABELS


def test_every_metric_says_what_it_counts() -> None:
    assert not {name for name, metric in _listed().items() if not metric._documentation.endswith(".")}
