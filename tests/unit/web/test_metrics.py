"""Every metric is named once, explained, and labelled with nothing that could be an id."""

import re

import pytest
from prometheus_client.metrics import MetricWrapperBase

from shared.observability import metrics

_METRICS = {name: value for name, value in vars(metrics).items() if isinstance(value, MetricWrapperBase)}
_LABELS = {
    "service",
    "method",
    "route",
    "code",
    "topic",
    "partition",
    "state",
    "job",
    "loop",
    "site",
    "consumergroup",
}


def test_there_are_metrics_to_look_at() -> None:
    assert {"HTTP_REQUESTS", "HTTP_DURATION"} <= set(_METRICS)


@pytest.mark.parametrize("name", _METRICS)
def test_a_metric_says_what_it_counts(name: str) -> None:
    metric = _METRICS[name]
    assert re.fullmatch(r"(http|afterglow|kafka)_[a-z0-9_]+", metric._name)
    assert metric._documentation.endswith(".")


@pytest.mark.parametrize("name", _METRICS)
def test_a_metrics_labels_come_from_short_known_lists(name: str) -> None:
    assert set(_METRICS[name]._labelnames) <= _LABELS, "a new label: is its set of values small, and no id?"
