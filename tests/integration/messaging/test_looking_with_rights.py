"""Operators look with the rights of the service they ask: at what it consumes, beside its group."""

import pytest

from shared.contracts.registry import REGISTRY, SERVICES, Contract
from shared.kernel.errors import Unavailable
from shared.operations.looking import look, shown
from tests.support.containers import kafka_url
from tests.support.guarded_kafka import GuardedKafka, guarded_kafka
from tests.support.held_back import an_event_of

__all__ = ["guarded_kafka", "kafka_url"]

pytestmark = pytest.mark.docker


@pytest.mark.parametrize("contract", REGISTRY, ids=lambda contract: contract.topic)
def test_a_topic_is_looked_at_through_its_consumers_and_through_no_stranger(
    guarded_kafka: GuardedKafka, contract: Contract
) -> None:
    producer = guarded_kafka.log_as(contract.producer).producer()
    record = an_event_of(contract.topic)
    assert producer.publish([record]) == [None]
    producer.close()
    for service in contract.consumers:
        log = guarded_kafka.log_as(service)
        found = look(log, contract.topic, after=None, limit=20)
        assert record.key in {shown(each)["key"] for each in found.records}
        assert look(log, contract.topic, after=found.after, limit=20).records == []
        log.close()
    for service in set(SERVICES) - {contract.producer, *contract.consumers}:
        log = guarded_kafka.log_as(service)
        with pytest.raises(Unavailable):
            look(log, contract.topic, after=None, limit=20)
        log.close()
