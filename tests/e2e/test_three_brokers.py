"""Three brokers as deploy/kafka/three-brokers.yml sets them up: one is killed, writing goes on, nothing is lost."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.compose import ROOT, House

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]

NUMBER = 2000
SECOND_BROKER_DIES_AT = 200

# run in the image, as a worker would: through the product's own adapter, as the service's own user
WRITES = f"""
import os, sys
from shared.messaging.log import Record
from shared.messaging.provision import open_from
producer = open_from(os.environ, os.environ["AFTERGLOW_EVENTS"]).producer()
waiting = list(range({NUMBER}))
acknowledged = 0
while waiting:
    batch, rest = waiting[:50], waiting[50:]
    records = [Record("session-completed", f"patient-{{n % 60}}", {{}}, str(n).encode()) for n in batch]
    outcomes = producer.publish(records)
    waiting = [n for n, outcome in zip(batch, outcomes) if outcome is not None] + rest
    acknowledged += outcomes.count(None)
    print(acknowledged, flush=True)
producer.close()
"""
READS = f"""
import os
from time import monotonic
from contextlib import suppress
from shared.messaging.log import BrokerAway, PositionLost
from shared.messaging.provision import open_from
subscription = open_from(os.environ, os.environ["AFTERGLOW_EVENTS"]).subscribe("discharge", ["session-completed"])
found, sought, until = set(), set(), monotonic() + 40
while len(found) < {NUMBER} and monotonic() < until:
    with suppress(BrokerAway, PositionLost):
        polled = subscription.poll(500, 0.2)
        found |= {{int(record.value) for place, records in polled.items() if place in sought for record in records}}
    for partition in subscription.assignment() - sought:
        subscription.seek(partition, 0)
        sought.add(partition)
print(len(found))
"""
DIFFERS = """
import os
from shared.messaging.provision import open_from
print([difference.what for difference in open_from(os.environ, os.environ["AFTERGLOW_EVENTS"]).differences()])
"""


class ThreeBrokers(House):
    files = ("docker-compose.yml", "deploy/kafka/three-brokers.yml")

    def bring_up(self) -> None:
        self.compose("build", "intake", timeout=400)
        self.compose("up", "--detach", "--wait", "kafka", "kafka-2", "kafka-3", timeout=240)
        self.compose("run", "--rm", "--no-deps", "topics", timeout=120)

    def environ(self) -> dict[str, str]:
        return super().environ() | {"AFTERGLOW_BROKERS": "kafka://kafka:9092,kafka-2:9092,kafka-3:9092"}

    def running(self, container: str, *options: str) -> list[str]:
        """The command that runs what it is told, in the image and with the settings of `container`."""
        return ["run", "--rm", "--no-deps", "--no-TTY", *options, "--entrypoint", "python", container, "-"]


@pytest.fixture(scope="module")
def brokers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ThreeBrokers]:
    with ThreeBrokers(Path(tmp_path_factory.mktemp("brokers"))) as running:
        yield running


def test_topics_have_three_copies_of_which_two_must_be_in_sync(brokers: ThreeBrokers) -> None:
    assert brokers.compose(*brokers.running("topics"), told=DIFFERS).strip() == "[]"


def test_one_broker_is_killed_and_writing_goes_on_with_nothing_lost(brokers: ThreeBrokers) -> None:
    acknowledged = 0
    with subprocess.Popen(
        brokers.command(*brokers.running("intake-work")),
        cwd=ROOT,
        env=brokers.environ(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        writer.stdin.write(WRITES)
        writer.stdin.close()
        for line in writer.stdout:
            before, acknowledged = acknowledged, int(line)
            if before < SECOND_BROKER_DIES_AT <= acknowledged:
                brokers.kill("kafka-2")
    assert writer.returncode == 0
    assert acknowledged == NUMBER

    login = {"USER": "discharge", "PASSWORD": "demo-only-discharge-events"}
    as_discharge = [part for name, value in login.items() for part in ("--env", f"AFTERGLOW_KAFKA_{name}={value}")]
    read = brokers.compose(*brokers.running("intake-work", *as_discharge), told=READS)
    assert read.split()[-1] == str(NUMBER)
