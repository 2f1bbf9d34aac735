"""An integration service on its own, and the facts that reach it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from shared.contracts.discharge_cleared import DischargeCleared, Disposition
from shared.contracts.journal_submitted import JournalSubmitted
from shared.contracts.registry import contract_for_topic
from shared.contracts.session_completed import SessionKind
from shared.messaging.log import EventLog
from shared.messaging.outbox import publish
from shared.store.audit import audit_entry
from tests.support.house import Client, House


class Someone:
    """A patient after a session at riverside whose administration ended at the house's first instant, 10:00 local."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.patient_id = uuid4()
        self.session_id = uuid4()
        self.ended_at = house.clock.at

    def leaves(self, **changes: Any) -> DischargeCleared:
        """discharge-cleared travels over the real bus and is consumed."""
        event = self.leaves_quietly(**changes)
        self.house.run_workers()
        return event

    def leaves_quietly(self, **changes: Any) -> DischargeCleared:
        """It waits in an outbox until the workers run."""
        event = self.cleared(**changes)
        with self.house.service("integration").unit_of_work() as uow:
            publish(uow, event, now=self.house.clock.at)
        return event

    def published(self) -> list[JournalSubmitted]:
        """What integration told the bus about journals, oldest first."""
        self.house.run_workers()
        return [event for event in _journals_on(self.house.platform.log) if event.patient_id == self.patient_id]

    def cleared(self, **changes: Any) -> DischargeCleared:
        facts: dict[str, Any] = {
            "session_id": self.session_id,
            "patient_id": self.patient_id,
            "site_id": "riverside",
            "course_id": uuid4(),
            "kind": SessionKind.INDUCTION,
            "administration_ended_at": self.ended_at,
            "chair_name": "Chair 1",
            "left_at": self.ended_at + timedelta(hours=2, minutes=10),
            "disposition": Disposition.CLEARED,
            "monitored_minutes": 130,
            "restriction_earliest_end_at": self.ended_at + timedelta(hours=21),
            "restriction_time_zone": "America/New_York",
            "restriction_rule_version": "1",
            "policy_version": "1",
            "revision": 1,
        }
        return DischargeCleared(**facts | changes)

    def at(self, hours: float = 0, **more: float) -> datetime:
        """That many elapsed hours (and minutes, seconds) after administration ended."""
        return self.ended_at + timedelta(hours=hours, **more)

    def portal(self, **changes: Any) -> Client:
        return self.house.client("integration", role="portal", sites=(), patient=self.patient_id, **changes)

    def staff(self, role: str = "therapist", *sites: str) -> Client:
        return self.house.client("integration", role=role, sites=sites or ("riverside",))

    def entry(self, **changes: Any) -> dict[str, Any]:
        facts = {
            "patient_id": str(self.patient_id),
            "session_id": str(self.session_id),
            "practice": "journal",
            "text": "I was a river and the river was kind",
            "sharing": "therapist",
        }
        return facts | changes

    def writes(self, **changes: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.portal().post("/journals", self.entry(**changes), expect=201).get_json()
        return answer

    def window(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.staff().get(f"/windows/{self.session_id}").get_json()
        return answer

    def audit(self) -> list[dict[str, Any]]:
        """Who read or wrote this patient's chart, newest first."""
        officer = self.staff("privacy_officer")
        entries: list[dict[str, Any]] = officer.get(f"/audit?patient_id={self.patient_id}").get_json()["items"]
        return [entry for entry in entries if entry["action"] != "audit-read"]

    def boards_opened(self, action: str) -> int:
        with self.house.service("integration").unit_of_work() as uow:
            count = select(func.count()).select_from(audit_entry).where(audit_entry.c.action == action)
            return uow.session.execute(count).scalar_one()

    def prompts(self) -> dict[str, dict[str, Any]]:
        return {prompt["kind"]: prompt for prompt in self.window()["prompts"]}


def _journals_on(log: EventLog) -> list[JournalSubmitted]:
    contract = contract_for_topic("journal-submitted")
    reader = log.subscribe("a-test", [contract.topic])
    try:
        for partition in reader.partitions():
            reader.seek(partition, 0)
        found = [record for records in reader.poll(1000, 0).values() for record in records]
    finally:
        reader.close()
    events = [contract.decode(record.value) for record in found]
    return [event for event in events if isinstance(event, JournalSubmitted)]


@pytest.fixture
def someone(house: House) -> Someone:
    house.service("integration")
    return Someone(house)


@pytest.fixture
def newcomer(house: House) -> Callable[[], Someone]:
    """Another patient of the same house."""
    return lambda: Someone(house)
