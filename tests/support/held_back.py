"""Somebody held back: a parked event and a sealed record, put where a consumer would have put them."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from shared.kernel.clock import machine_now
from shared.kernel.people import the_service
from shared.messaging import inbox, parking
from shared.messaging.inbox import Place
from shared.messaging.log import Received, Record
from shared.messaging.parked_lines import ParkedId
from shared.messaging.parking import ParkedState, Standing
from shared.messaging.quarantine import put_in_quarantine
from shared.store.engine import open_engine
from shared.store.sealing import Sealer
from shared.store.unit_of_work import UnitOfWork
from tests.e2e.running import RunningHouse
from tests.support import events
from tests.support.bus import a_record

_EVENTS = {
    "session-completed": events.a_session_completed,
    "discharge-cleared": events.a_discharge_cleared,
    "journal-submitted": events.a_journal_submitted,
    "booster-due": events.a_booster_due,
}


def an_event_of(topic: str, *, patient_id: UUID | None = None, seq: int = 1) -> Record:
    """A record as its producer would have sent it, of somebody made up."""
    return a_record(_EVENTS[topic](patient_id=patient_id or uuid4()), seq=seq)


def received(record: Record, *, partition: int = 0, offset: int = 0) -> Received:
    return Received(record.topic, "topic-1", partition, offset, record.key, record.headers, record.value)


def held_back(
    uow: UnitOfWork,
    service: str,
    topic: str,
    *,
    sealer: Sealer,
    at: datetime,
    seqs: tuple[int, ...] = (1,),
    applied: int = 0,
    state: ParkedState = ParkedState.DEAD,
    attempts: int = 10,
) -> str:
    """Park events `seqs` of a new patient, whose line was applied up to `applied`; the head's parked id."""
    place, patient_id = Place(service, topic, "topic-1", 0), uuid4()
    inbox.save_positions(uow.session, service, topic, {str(patient_id): applied})
    for offset, seq in enumerate(seqs):
        standing = Standing(state, "conflict", attempts, None) if seq == seqs[0] else _BEHIND
        record = received(an_event_of(topic, patient_id=patient_id, seq=seq), offset=offset)
        parking.park(uow.session, place, record, str(patient_id), seq, standing, parked_at=at)
    broken = Received(topic, "topic-1", 0, 99, "nobody", {"ce_type": "nonsense"}, b"\xff")
    put_in_quarantine(uow.session, place, broken, reason="header ce_id is missing", sealer=sealer, at=at)
    return str(ParkedId(topic, str(patient_id), seqs[0]))


def hold(house: RunningHouse, service: str, topic: str, *, minutes: int) -> str:
    """The same in a house that runs, `minutes` ago by the machine's clock."""
    engine = open_engine(f"sqlite:///{house.data}/{service}.db")
    sealer = Sealer.from_text((house.data / "keys" / "sealing.txt").read_text().strip())
    with UnitOfWork(engine, actor=the_service(service), correlation_id="test") as uow:
        at = machine_now() - timedelta(minutes=minutes)
        parked = held_back(uow, service, topic, sealer=sealer, at=at, seqs=(1, 2))
    engine.dispose()
    return parked


_BEHIND = Standing(ParkedState.BEHIND, "behind", 0, None)
