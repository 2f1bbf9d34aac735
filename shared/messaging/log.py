"""The event log as the rest of messaging sees it: one interface, two adapters (embedded.py and kafka.py).

Offsets count from 0 in each partition. A position is the offset of the next record, never of the last one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

EMBEDDED = "embedded"
# the most that a log takes as one record, its key and headers included; an event has about 1,500
MAX_RECORD_BYTES = 1_048_588
# the largest offset that anybody may name (inclusive): 13 digits, and far beyond what 30 days can hold
MAX_OFFSET = 2**43


class TopicPartition(NamedTuple):
    topic: str
    partition: int


@dataclass(frozen=True, slots=True)
class Record:
    """What is to be published. All records of one (topic, key) share a partition and so keep their order."""

    topic: str
    key: str
    headers: Mapping[str, str]
    value: bytes


@dataclass(frozen=True, slots=True)
class Received:
    """What was read back, and from where. `topic_id` tells a topic from a later one of the same name.

    `key` is None and `value` is empty where the log had none; text that isn't UTF-8 is escaped, never refused here. Of
    a header that came several times all values stand here, with commas between.
    """

    topic: str
    topic_id: str
    partition: int
    offset: int
    key: str | None
    headers: Mapping[str, str]
    value: bytes

    @property
    def topic_partition(self) -> TopicPartition:
        return TopicPartition(self.topic, self.partition)


@dataclass(frozen=True, slots=True)
class Difference:
    """A sentence on how the log differs from what the registry asks. `by_hand`: provisioning leaves it to a person."""

    what: str
    by_hand: bool = False


class Away(StrEnum):
    """What a service has to do without just now; `words` say it in a sentence's middle."""

    DATABASE = "database"
    LOG = "log"
    SIGN_IN = "log-sign-in"
    RIGHTS = "log-rights"

    @property
    def words(self) -> str:
        return _AWAY_WORDS[self]


_AWAY_WORDS = {
    Away.DATABASE: "the database is away",
    Away.LOG: "the event log can't be reached",
    Away.SIGN_IN: "the event log refuses our user or password",
    Away.RIGHTS: "the event log doesn't give our user the rights it needs",
}


class BrokerAway(Exception):
    """The log can't be reached, doesn't let us in or didn't answer in time; whether it took a record is not known. Try
    again."""

    def __init__(self, kind: str, why: Away = Away.LOG) -> None:
        super().__init__(kind)
        self.why = why


class RecordRefused(Exception):
    """The log answered that it will not take this record."""


class PositionLost(Exception):
    """The log no longer has (or never had) what these partitions would be read from: the consumer must say where."""

    def __init__(self, partitions: Collection[TopicPartition]) -> None:
        super().__init__("positions lost")
        self.partitions = frozenset(partitions)


class Producer(Protocol):
    def publish(self, records: Sequence[Record]) -> list[Exception | None]:
        """Append durably; one outcome a record, in order: None when acknowledged, else BrokerAway or RecordRefused.

        Bounded by the adapter's deadline. Never raises for a broker that is away.
        """
        ...

    def close(self) -> None: ...


class Subscription(Protocol):
    """One consumer's reading of some topics. Not thread-safe. Methods raise BrokerAway."""

    def poll(self, max_records: int, timeout_seconds: float) -> dict[TopicPartition, list[Received]]:
        """Records by partition, in offset order; waits for the first at most `timeout_seconds`.

        A partition that was newly assigned may be read from anywhere: compare with your own positions. Raises
        PositionLost for partitions that have to be sought first.
        """
        ...

    def assignment(self) -> frozenset[TopicPartition]: ...

    def position(self, partition: TopicPartition) -> int | None: ...

    def seek(self, partition: TopicPartition, offset: int) -> None: ...

    def pause(self, partition: TopicPartition) -> None:
        """Give out no more records of this partition, for as long as it stays assigned."""
        ...

    def commit(self, positions: Mapping[TopicPartition, int]) -> None:
        """Tell the log how far the database is; only a hint for others who look, so a failure does no harm."""
        ...

    def partitions(self) -> frozenset[TopicPartition]:
        """Every partition of the subscribed topics, assigned here or not; empty while they are unknown."""
        ...

    def beginning_offsets(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]: ...

    def end_offsets(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]: ...

    def topic_id(self, topic: str) -> str | None: ...

    def close(self) -> None: ...


class Reader(Protocol):
    """Looks into the log beside whoever consumes it: no group, no position kept. Not thread-safe. Raises BrokerAway."""

    def partitions(self, topic: str) -> list[TopicPartition]: ...

    def bounds(self, partition: TopicPartition) -> tuple[int, int]:
        """Where the log begins, and the end (exclusive), as of now."""
        ...

    def offset_at(self, partition: TopicPartition, instant: datetime) -> int:
        """The first record appended at `instant` (machine time, inclusive) or later; the end when there is none."""
        ...

    def read(self, partition: TopicPartition, offset: int, limit: int) -> list[Received]:
        """Records from `offset` on, or from where the log begins by now; none only when there are none."""
        ...

    def close(self) -> None: ...


class EventLog(Protocol):
    @property
    def step_patience_seconds(self) -> float:
        """How long one synchronous poll must wait for records that were already acknowledged to show up."""
        ...

    def producer(self) -> Producer: ...

    def subscribe(self, consumer: str, topics: Collection[str]) -> Subscription: ...

    def reader(self) -> Reader: ...

    def ensure_topics(self) -> None:
        """Create what the registry names and isn't there; safe to repeat. Raises BrokerAway."""
        ...

    def differences(self) -> list[Difference]:
        """How topics, users and rights differ from what the registry asks; changes nothing. Raises BrokerAway."""
        ...

    def provision(self, passwords: Mapping[str, str]) -> list[Difference]:
        """Bring topics, users (`passwords` by service) and rights to what the registry asks, and answer what still
        differs; loses no record and is safe to repeat. Raises BrokerAway."""
        ...

    def away(self) -> Away | None:
        """Why the log doesn't answer just now, None when it does; takes at most a few seconds, never raises."""
        ...

    def wake(self) -> None:
        """Let the polls that wait come back at once; may do nothing where they wait a moment only. Never raises."""
        ...

    def close(self) -> None: ...


class BadLogUrl(ValueError):
    """AFTERGLOW_EVENTS can't be read; the message says how it should look."""


@dataclass(frozen=True, slots=True)
class KafkaCredentials:
    """SASL user of this service; without a user the listener is used as it is."""

    user: str | None = None
    password: str | None = None
    security: str | None = None

    def __repr__(self) -> str:
        return f"KafkaCredentials(user={self.user!r}, security={self.security!r})"


@dataclass(frozen=True, slots=True)
class KafkaAddress:
    """`prefix` keeps test runs apart on one broker: it stands before topic and group names."""

    servers: tuple[str, ...]
    prefix: str = ""


def parse_kafka_url(url: str) -> KafkaAddress:
    """Read `kafka://host:port[,host:port][/PREFIX]`; raises BadLogUrl."""
    shape = "events must be 'embedded' or 'kafka://host:port[,host:port][/PREFIX]'"
    try:
        parts = urlsplit(url)
    except ValueError:
        raise BadLogUrl(shape) from None
    servers = tuple(server for server in parts.netloc.split(",") if server)
    if parts.scheme != "kafka" or not servers or parts.query or parts.fragment:
        raise BadLogUrl(shape)
    for server in servers:
        host, _, port = server.rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 65536:
            raise BadLogUrl(shape)
    prefix = parts.path.strip("/")
    if not all(c.isascii() and (c.isalnum() or c in "._-") for c in prefix) or len(prefix) > 100:
        raise BadLogUrl("the prefix of the events URL may hold letters, digits, dots, dashes and underscores only")
    return KafkaAddress(servers=servers, prefix=prefix)


def open_log(url: str, data_dir: Path, credentials: KafkaCredentials | None = None) -> EventLog:
    """The adapter for `url`. Connects lazily: a broker that is away doesn't stop it. Raises BadLogUrl."""
    if url == EMBEDDED:
        from shared.messaging.embedded import EmbeddedLog

        return EmbeddedLog(data_dir / "events.db")
    address = parse_kafka_url(url)
    from shared.messaging.kafka import KafkaLog

    return KafkaLog(address, credentials or KafkaCredentials())
