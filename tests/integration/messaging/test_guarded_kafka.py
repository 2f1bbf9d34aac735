"""A broker that checks who comes: the registry's users and rights, what differs from them, what a wrong login says."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from kafka import KafkaAdminClient
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ConfigResource,
    ConfigResourceType,
    ResourcePattern,
    ResourceType,
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)

from services.__main__ import afterglow
from services.console.doctor_kafka import kafka_trouble
from services.intake.settings import Settings
from shared.contracts.registry import REGISTRY, SERVICES, Contract
from shared.kernel.clock import monotonic
from shared.messaging import provision
from shared.messaging.kafka import KafkaLog
from shared.messaging.log import (
    Away,
    BrokerAway,
    Difference,
    KafkaAddress,
    KafkaCredentials,
    PositionLost,
    RecordRefused,
    TopicPartition,
)
from shared.store.engine import open_engine
from tests.support.bus import Desk, a_record, create_tables
from tests.support.containers import free_port, kafka_url
from tests.support.events import a_booster_due, a_discharge_cleared, a_journal_submitted, a_session_completed
from tests.support.guarded_kafka import PASSWORDS, GuardedKafka, guarded_kafka

__all__ = ["guarded_kafka", "kafka_url"]

pytestmark = pytest.mark.docker

EVENTS = {
    "session-completed": a_session_completed(),
    "discharge-cleared": a_discharge_cleared(),
    "journal-submitted": a_journal_submitted(),
    "booster-due": a_booster_due(),
}
EACH_SERVICE_AND_TOPIC = pytest.mark.parametrize(
    ("service", "contract"),
    [(service, contract) for service in SERVICES for contract in REGISTRY],
    ids=lambda value: value if isinstance(value, str) else value.topic,
)


@pytest.fixture
def admin(guarded_kafka: GuardedKafka) -> Iterator[Any]:
    """Does to the cluster what nobody should; the registry's order is brought back afterwards."""
    client = KafkaAdminClient(bootstrap_servers=guarded_kafka.admin)
    yield client
    client.alter_configs([topic("session-completed", **{"retention.ms": str(30 * 24 * 3600 * 1000)})])
    client.delete_acls([STRANGERS_READING])
    client.alter_user_scram_credentials([UserScramCredentialDeletion("stranger", "SCRAM-SHA-512")])
    client.close()
    log = guarded_kafka.admin_log()
    assert log.provision(PASSWORDS) == []
    log.close()


def right(user: str, operation: ACLOperation, name: str, pattern: ACLResourcePatternType) -> Any:
    on = ResourcePattern(ResourceType.TOPIC, name, pattern)
    return ACL(f"User:{user}", "*", operation, ACLPermissionType.ALLOW, on)


def topic(name: str, **settings: str) -> Any:
    return ConfigResource(ConfigResourceType.TOPIC, name, settings)


REFUSED = "The event log refuses our user or password; facts wait in the outbox and none is lost."
LITERAL, PREFIXED = ACLResourcePatternType.LITERAL, ACLResourcePatternType.PREFIXED
STRANGERS_READING = right("stranger", ACLOperation.READ, "session", PREFIXED)


def publish(log: KafkaLog, contract: Contract, *, times: int = 1) -> list[Exception | None]:
    producer = log.producer()
    outcomes = producer.publish([a_record(EVENTS[contract.topic], seq=seq + 1) for seq in range(times)])
    producer.close()
    log.close()
    return outcomes


def differences(guarded: GuardedKafka) -> list[Difference]:
    log = guarded.admin_log()
    found = log.differences()
    log.close()
    return found


@EACH_SERVICE_AND_TOPIC
def test_a_topic_is_written_by_its_producer_and_by_nobody_else(
    guarded_kafka: GuardedKafka, service: str, contract: Contract
) -> None:
    [outcome] = publish(guarded_kafka.log_as(service), contract)
    if service == contract.producer:
        assert outcome is None
    else:
        assert isinstance(outcome, RecordRefused)


def test_intake_cannot_say_that_a_patient_was_cleared_to_leave(guarded_kafka: GuardedKafka) -> None:
    publish(guarded_kafka.log_as("discharge"), REGISTRY[1])
    before = ends_of(guarded_kafka, "integration", "discharge-cleared")
    [outcome] = publish(guarded_kafka.log_as("intake"), REGISTRY[1])
    assert isinstance(outcome, RecordRefused)
    assert ends_of(guarded_kafka, "integration", "discharge-cleared") == before


def ends_of(guarded: GuardedKafka, service: str, name: str) -> int:
    log = guarded.log_as(service)
    subscription = log.subscribe(service, [name])
    ends = sum(subscription.end_offsets(subscription.partitions()).values())
    subscription.close()
    log.close()
    return ends


@EACH_SERVICE_AND_TOPIC
def test_a_topic_is_read_by_its_consumers_and_by_nobody_else(
    guarded_kafka: GuardedKafka, service: str, contract: Contract
) -> None:
    publish(guarded_kafka.log_as(contract.producer), contract)
    may = service in contract.consumers
    assert reads(guarded_kafka, service, contract.topic, group=service, within=20 if may else 1.5) is may


def test_nobody_reads_in_another_services_group(guarded_kafka: GuardedKafka) -> None:
    publish(guarded_kafka.log_as("discharge"), REGISTRY[1])
    assert not reads(guarded_kafka, "intake", "discharge-cleared", group="integration", within=3)


def reads(guarded: GuardedKafka, service: str, name: str, *, group: str, within: float) -> bool:
    """Whether the service's user gets at least one record of the topic, read from its beginning."""
    log = guarded.log_as(service)
    subscription = log.subscribe(group, [name])
    until = monotonic() + within
    sought: set[TopicPartition] = set()
    found = False
    while not found and monotonic() < until:
        with suppress(BrokerAway, PositionLost):
            found = any(subscription.poll(10, 0.1).values())
        for partition in subscription.assignment() - sought:
            subscription.seek(partition, 0)
            sought.add(partition)
    subscription.close()
    log.close()
    return found


def test_a_service_may_not_give_itself_rights(guarded_kafka: GuardedKafka) -> None:
    log = guarded_kafka.log_as("intake")
    with pytest.raises(BrokerAway, match="AuthorizationFailed"):
        log.provision(PASSWORDS)
    log.close()


def test_what_was_provisioned_differs_in_nothing(guarded_kafka: GuardedKafka) -> None:
    assert differences(guarded_kafka) == []


def test_applying_again_keeps_every_record(guarded_kafka: GuardedKafka) -> None:
    publish(guarded_kafka.log_as("intake"), REGISTRY[0], times=5)
    before = ends_of(guarded_kafka, "discharge", "session-completed")
    log = guarded_kafka.admin_log()
    assert log.provision(PASSWORDS) == []
    log.close()
    assert before >= 5
    assert ends_of(guarded_kafka, "discharge", "session-completed") == before


def test_what_somebody_changed_is_told_and_then_mended(
    guarded_kafka: GuardedKafka, admin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin.alter_configs([topic("booster-due", **{"retention.ms": "3600000", "min.insync.replicas": "2"})])
    admin.create_acls([right("intake", ACLOperation.WRITE, "discharge-cleared", LITERAL)])
    admin.delete_acls([right("intake", ACLOperation.WRITE, "session-completed", LITERAL)])
    admin.alter_user_scram_credentials([UserScramCredentialDeletion("integration", "SCRAM-SHA-512")])
    wrong = {
        "topic booster-due has retention.ms=3600000, not 2592000000",
        "topic booster-due has min.insync.replicas=2, not 1",
        "intake may write topic discharge-cleared: the registry doesn't say so",
        "intake may write topic session-completed: missing",
        "user integration is missing: give its password as AFTERGLOW_INTEGRATION_KAFKA_PASSWORD",
    }
    told = eventually(guarded_kafka, len(wrong))
    for service, password in PASSWORDS.items():
        monkeypatch.setenv(f"AFTERGLOW_{service.upper()}_KAFKA_PASSWORD", password)

    looked = CliRunner().invoke(afterglow, ["topics", "apply", f"kafka://{guarded_kafka.admin}", "--dry-run"])
    from_within = provision.main([f"kafka://{guarded_kafka.admin}", "--dry-run"])
    still = differences(guarded_kafka)
    applied = CliRunner().invoke(afterglow, ["topics", "apply", f"kafka://{guarded_kafka.admin}"])

    assert {difference.what for difference in told} == wrong
    assert (looked.exit_code, from_within) == (3, 3)
    assert all(what in looked.output for what in wrong)
    assert still == told
    assert (applied.exit_code, applied.output) == (0, "Nothing differs from the registry.\n")
    assert differences(guarded_kafka) == []


def test_what_could_lose_records_and_what_is_anothers_is_left_to_a_person(
    guarded_kafka: GuardedKafka, admin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin.alter_configs([topic("session-completed", **{"retention.ms": "-1"})])
    admin.create_acls([STRANGERS_READING])
    admin.alter_user_scram_credentials([UserScramCredentialUpsertion("stranger", "SCRAM-SHA-512", "fictional")])
    told = eventually(guarded_kafka, 3)
    for service, password in PASSWORDS.items():
        monkeypatch.setenv(f"AFTERGLOW_{service.upper()}_KAFKA_PASSWORD", password)

    assert {difference.what for difference in told} == {
        "topic session-completed has retention.ms=-1, not 2592000000: changing it could delete records",
        "stranger may read topic session…: the registry doesn't say so",
        "user stranger is no service's",
    }
    assert all(difference.by_hand for difference in told)
    assert provision.main([f"kafka://{guarded_kafka.admin}", "--dry-run"]) == 3
    assert provision.main([f"kafka://{guarded_kafka.admin}"]) == 0
    assert differences(guarded_kafka) == told


def eventually(guarded: GuardedKafka, number: int) -> list[Difference]:
    """The differences, once the cluster shows as many as there must be."""
    until = monotonic() + 15
    while len(found := differences(guarded)) != number and monotonic() < until:
        pass
    return found


def test_a_broker_without_an_authorizer_is_said_to_be_open(kafka_url: str) -> None:
    done = CliRunner().invoke(afterglow, ["topics", "apply", f"{kafka_url}/open", "--dry-run"])
    assert done.exit_code == 3
    assert "by hand  the broker has no authorizer" in done.output
    assert "topic open.session-completed is missing" in done.output


def test_the_command_says_what_it_cannot_read_or_reach() -> None:
    unreadable = CliRunner().invoke(afterglow, ["topics", "apply", "redis://here"])
    away = CliRunner().invoke(afterglow, ["topics", "apply", "kafka://127.0.0.1:1"])
    assert (unreadable.exit_code, away.exit_code) == (2, 1)
    assert "events must be 'embedded' or 'kafka://" in unreadable.output
    assert "is the broker up" in away.output


def trouble(guarded: GuardedKafka, log: KafkaLog, **login: str) -> str | None:
    environ = {"AFTERGLOW_DEMO": "/tmp", "AFTERGLOW_EVENTS": f"kafka://{guarded.clients}", **login}
    found = kafka_trouble(Settings.from_env("intake", environ), log)
    log.close()
    return found


def test_doctor_names_a_wrong_password_as_the_likely_cause(guarded_kafka: GuardedKafka) -> None:
    login = {"AFTERGLOW_KAFKA_USER": "intake", "AFTERGLOW_KAFKA_PASSWORD": "wrong"}
    found = trouble(guarded_kafka, guarded_kafka.log_as("intake", "wrong"), **login)
    assert found is not None
    assert "doesn't let intake in" in found
    assert "AFTERGLOW_KAFKA_USER and _PASSWORD" in found
    assert "wrong" not in found


@pytest.mark.parametrize(
    ("user", "password", "why", "events"),
    [
        ("intake", "not-its-password", Away.SIGN_IN, REFUSED),
        ("nobody-we-know", "not-its-password", Away.SIGN_IN, REFUSED),
        ("maintenance", PASSWORDS["maintenance"], Away.RIGHTS, "answers"),
    ],
    ids=["wrong password", "no such user", "a user without the rights"],
)
def test_a_worker_says_whether_it_is_refused_or_has_no_rights_and_never_the_password(
    guarded_kafka: GuardedKafka,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    user: str,
    password: str,
    why: Away,
    events: str,
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/intake.db")
    create_tables(engine)
    log = guarded_kafka.log_as(user, password)
    desk = Desk("intake", engine, log)
    # a broker that refuses may hang up before its answer is read: what it is comes with one of the next tries
    until = monotonic() + 60
    said: dict[str, str] = {}
    with caplog.at_level("INFO"):
        while monotonic() < until and not (why.words in said.get("consumer", "") and said["events"] == events):
            desk.worker._consumer.step(0.2)
            said = {check.name: check.message for check in desk.worker.readiness()}
    desk.worker.close()
    log.close()
    engine.dispose()
    assert said["consumer"] == f"Reading pauses because {why.words}."
    assert said["events"] == events
    told = caplog.text + "".join(capsys.readouterr())
    assert "reading pauses" in told
    assert why.value in told
    assert password not in told + str(said)


def test_a_broker_that_is_not_there_is_neither_refusal() -> None:
    log = KafkaLog(KafkaAddress((f"localhost:{free_port()}",)), KafkaCredentials("intake", "fictional", None))
    assert log.away() is Away.LOG
    log.close()


def test_doctor_finds_nothing_wrong_with_a_service_that_sees_its_own_topics_only(guarded_kafka: GuardedKafka) -> None:
    login = {"AFTERGLOW_KAFKA_USER": "intake", "AFTERGLOW_KAFKA_PASSWORD": PASSWORDS["intake"]}
    assert trouble(guarded_kafka, guarded_kafka.log_as("intake"), **login) is None
