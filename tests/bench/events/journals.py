"""A stream of fictional journals, and a topic filled with it. Nobody in it exists."""

from collections.abc import Iterable, Iterator
from hashlib import md5
from random import Random
from uuid import UUID

from kafka import KafkaProducer

from shared.contracts.journal_submitted import JournalSubmitted
from tests.support.bus import a_record
from tests.support.events import a_journal_submitted

TOPIC = "journal-submitted"
JOURNALS_A_PATIENT = 10
_ONE_IN_WANTS_CONTACT = 100


def patient(number: int) -> UUID:
    """The same patient in every process; PostgreSQL's `md5('patient-' || number)::uuid`."""
    return UUID(md5(f"patient-{number}".encode(), usedforsecurity=False).hexdigest())


def journals(
    count: int, *, seed: int = 1, among: int | None = None, kept_before: int = 0
) -> Iterator[tuple[JournalSubmitted, int]]:
    """`count` journals with their place in the patient's line, patients taking turns at random."""
    random = Random(seed)
    people = among or max(1, count // JOURNALS_A_PATIENT)
    written: dict[int, int] = {}
    for number in range(count):
        person = random.randrange(people)
        written[person] = written.get(person, kept_before) + 1
        event = a_journal(patient(person), random, contact_requested=number % _ONE_IN_WANTS_CONTACT == 0)
        yield event, written[person]


def a_journal(person: UUID, random: Random, **changes: object) -> JournalSubmitted:
    return a_journal_submitted(
        journal_id=UUID(int=random.getrandbits(128), version=4),
        patient_id=person,
        session_id=UUID(int=random.getrandbits(128), version=4),
        **changes,
    )


def fill(server: str, prefix: str, stream: Iterable[tuple[JournalSubmitted, int]]) -> None:
    """Put journals into `prefix`'s topic, as a relay would have."""
    producer = KafkaProducer(bootstrap_servers=server, acks="all", linger_ms=20, batch_size=131072)
    for event, seq in stream:
        record = a_record(event, seq=seq)
        headers = [(name, text.encode()) for name, text in record.headers.items()]
        producer.send(f"{prefix}.{TOPIC}", key=record.key.encode(), value=record.value, headers=headers)
    producer.flush()
    producer.close()
