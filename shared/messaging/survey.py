"""Fills the gauges: lag, what waits in the outbox, what is parked."""

from sqlalchemy import Engine

from shared.kernel.clock import machine_now, monotonic
from shared.kernel.people import the_service
from shared.messaging import parking
from shared.messaging.consumer import Lag
from shared.messaging.log import TopicPartition
from shared.messaging.parking import ParkedState
from shared.messaging.relay import Relay
from shared.observability import metrics
from shared.store.unit_of_work import UnitOfWork


class Survey:
    """Remembers when each partition was last read to its end, which is what lag in seconds is measured from."""

    def __init__(self, service: str, engine: Engine) -> None:
        self._service = service
        self._engine = engine
        self._level_at: dict[TopicPartition, float] = {}
        self._parked_topics: set[str] = set()

    def measure(self, relay: Relay, lag: Lag) -> None:
        """Raises what the database raises."""
        self._measure_lag(lag)
        pending = relay.pending()
        metrics.OUTBOX_ROWS.labels(self._service).set(pending.rows)
        metrics.OUTBOX_OLDEST_SECONDS.labels(self._service).set(pending.age.total_seconds())
        self._measure_parked()

    def _measure_lag(self, lag: Lag) -> None:
        now = monotonic()
        for partition, count in lag.behind.items():
            if count == 0 or partition not in self._level_at:
                self._level_at[partition] = now
            labels = (self._service, partition.topic, str(partition.partition))
            metrics.LAG.labels(*labels).set(count)
            metrics.LAG_SECONDS.labels(*labels).set(now - self._level_at[partition])

    def _measure_parked(self) -> None:
        with UnitOfWork(self._engine, actor=the_service(self._service), correlation_id="", read_only=True) as uow:
            found = {(topic, state): (n, at) for topic, state, n, at in parking.census(uow.session, self._service)}
        self._parked_topics |= {topic for topic, _ in found}
        for topic in self._parked_topics:
            for state in ParkedState:
                count, oldest_at = found.get((topic, state), (0, None))
                age = 0.0 if oldest_at is None else (machine_now() - oldest_at).total_seconds()
                metrics.PARKED.labels(self._service, topic, state.value).set(count)
                metrics.PARKED_OLDEST_SECONDS.labels(self._service, topic, state.value).set(age)
