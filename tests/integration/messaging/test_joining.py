"""Members of a group on a machine that is busy with other things."""

import time
from pathlib import Path

import pytest

from shared.kernel.clock import monotonic
from shared.messaging.log import open_log
from tests.support.bus import TOPIC

pytestmark = pytest.mark.docker


def test_a_worker_that_looks_in_seldom_and_briefly_is_a_member_soon_all_the_same(
    kafka_events: str, tmp_path: Path
) -> None:
    """kafka-python throws a join away that ended between two polls, and asks for another one."""
    log = open_log(kafka_events, tmp_path)
    log.ensure_topics()
    reader = log.subscribe("intake", (TOPIC,))
    until = monotonic() + 20
    while not reader.assignment() and monotonic() < until:
        reader.poll(10, 0.0)
        time.sleep(0.3)
    assert len(reader.assignment()) == 6
    reader.close()
    log.close()
