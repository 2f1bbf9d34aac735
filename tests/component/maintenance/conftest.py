"""A maintenance service on its own, and the facts that reach it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from shared.contracts.booster_due import BoosterDue
from shared.contracts.journal_submitted import JournalSubmitted, Practice, Sharing, WindowPosition
from shared.contracts.registry import contract_for_topic
from shared.contracts.session_completed import (
    Product,
    Route,
    SessionCompleted,
    SessionKind,
    SessionStatus,
    TransportKind,
)
from shared.messaging.outbox import publish
from shared.store.audit import audit_entry
from tests.support.house import Client, House

WELL = [1, 1, 1, 1, 0, 0, 0, 0, 0]  # PHQ-9 4
ILL = [2, 2, 2, 2, 2, 2, 2, 2, 2]  # PHQ-9 18, item 9 at 2
LOW = [3, 3, 3, 3, 3, 3, 0, 0, 0]  # PHQ-9 18, item 9 at 0


def phq9(total: int, *, item_9: int = 0) -> list[int]:
    """Nine answers that add up to `total`, the last of them `item_9`."""
    rest, answers = total - item_9, []
    for _ in range(8):
        answers.append(min(3, rest))
        rest -= answers[-1]
    assert rest == 0
    return [*answers, item_9]


class Someone:
    """A patient at riverside; the house's first instant is 10:00 there on Monday 2 March 2026."""

    def __init__(self, house: House, *, site_id: str = "riverside") -> None:
        self.house = house
        self.site_id = site_id
        self.patient_id = uuid4()
        self.course_id = uuid4()
        self.inductions = 0
        self.boosters = 0

    def session(self, **changes: Any) -> SessionCompleted:
        """One that ends now, as intake would tell it."""
        kind = changes.get("kind", SessionKind.INDUCTION)
        if kind is SessionKind.BOOSTER:
            self.boosters += 1
        else:
            self.inductions += 1
        now = self.house.clock.at
        facts: dict[str, Any] = {
            "session_id": uuid4(),
            "patient_id": self.patient_id,
            "site_id": self.site_id,
            "course_id": self.course_id,
            "status": SessionStatus.FINAL,
            "kind": kind,
            "number": self.boosters if kind is SessionKind.BOOSTER else self.inductions,
            "planned_sessions": 1,
            "booster_cycle": None,
            "product": Product.KETAMINE_IV,
            "route": Route.INTRAVENOUS,
            "administration_started_at": now - timedelta(minutes=40),
            "administration_ended_at": now,
            "baseline_systolic_mmhg": 120,
            "baseline_diastolic_mmhg": 80,
            "baseline_heart_rate_bpm": 70,
            "baseline_spo2_percent": 98,
            "transport_kind": TransportKind.ESCORT,
            "transport_confirmed_at": now - timedelta(hours=1),
            "chair_name": "Chair 1",
            "overnight_time_zone": "America/New_York",
            "indication_recorded": True,
            "revision": 1,
        }
        return SessionCompleted(**facts | changes)

    def journal(self, **changes: Any) -> JournalSubmitted:
        now = self.house.clock.at
        facts: dict[str, Any] = {
            "journal_id": uuid4(),
            "patient_id": self.patient_id,
            "site_id": self.site_id,
            "session_id": uuid4(),
            "practice": Practice.JOURNAL,
            "written_at": now,
            "submitted_at": now,
            "window_position": WindowPosition.IN_WINDOW,
            "mood_0_10": None,
            "contact_requested": False,
            "sharing": Sharing.PRIVATE,
        }
        return JournalSubmitted(**facts | changes)

    def hears(self, *events: SessionCompleted | JournalSubmitted) -> None:
        """They travel over the real bus and are consumed."""
        with self.house.service("maintenance").unit_of_work() as uow:
            for event in events:
                publish(uow, event, now=self.house.clock.at)
        self.house.run_workers()

    def completes(self, **changes: Any) -> SessionCompleted:
        event = self.session(**changes)
        self.hears(event)
        return event

    def boosted(self, *, cycle: int | None = None, **changes: Any) -> SessionCompleted:
        return self.completes(kind=SessionKind.BOOSTER, booster_cycle=cycle, **changes)

    def staff(self, role: str = "prescriber", *sites: str, subject: str | None = None) -> Client:
        return self.house.client("maintenance", role=role, sites=sites or (self.site_id,), subject=subject)

    def portal(self, *sites: str) -> Client:
        return self.house.client("maintenance", role="portal", sites=sites, patient=self.patient_id)

    def form(self, answers: list[int], **changes: Any) -> dict[str, Any]:
        return {"patient_id": str(self.patient_id), "instrument": "phq-9", "answers": answers} | changes

    def scores(self, total: int, *, item_9: int = 0, **changes: Any) -> dict[str, Any]:
        """A nurse enters a PHQ-9."""
        body = self.form(phq9(total, item_9=item_9), **changes)
        answer: dict[str, Any] = self.staff("nurse").post("/assessments", body, expect=201).get_json()
        return answer

    def responds(self) -> None:
        """B 18, one planned session today, then s 4: first interval 42 days, due on 13 April 2026."""
        self.scores(18, taken_at=_text(self.house.clock.at - timedelta(hours=2)))
        self.completes()
        self.house.advance(timedelta(hours=1))
        self.scores(4)

    def plan(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.staff().get(f"/plans/{self.patient_id}").get_json()
        return answer

    def escalations(self, **query: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.staff().get("/escalations", query_string=query).get_json()["items"]
        return [item for item in items if item["patient_id"] == str(self.patient_id)]

    def risks(self) -> list[dict[str, Any]]:
        return [item for item in self.escalations() if item["kind"] == "suicide-risk"]

    def resolves(self, escalation_id: str) -> dict[str, Any]:
        path = f"/escalations/{escalation_id}/resolutions"
        answer: dict[str, Any] = self.staff().post(path, expect=200).get_json()
        return answer

    def overrides(self, days: int, *, until: date, subject: str | None = None, expect: int = 200) -> dict[str, Any]:
        body = {"interval_days": days, "reason": "we talked it over", "expires_on": until.isoformat()}
        asker = self.staff(subject=subject)
        answer: dict[str, Any] = asker.post(f"/plans/{self.patient_id}/overrides", body, expect=expect).get_json()
        return answer

    def published(self) -> list[BoosterDue]:
        """What maintenance told the bus about boosters, oldest first."""
        contract = contract_for_topic("booster-due")
        reader = self.house.platform.log.subscribe("a-test", [contract.topic])
        try:
            for partition in reader.partitions():
                reader.seek(partition, 0)
            found = [record for records in reader.poll(1000, 0).values() for record in records]
        finally:
            reader.close()
        events = [contract.decode(record.value) for record in found]
        return [e for e in events if isinstance(e, BoosterDue) and e.patient_id == self.patient_id]

    def said(self) -> list[tuple[int, str, int]]:
        """(cycle, state, revision) of each booster-due."""
        return [(event.cycle, event.state.value, event.revision) for event in self.published()]

    def audit(self) -> list[dict[str, Any]]:
        """Who read or wrote this patient's chart, newest first."""
        officer = self.staff("privacy_officer")
        entries: list[dict[str, Any]] = officer.get(f"/audit?patient_id={self.patient_id}").get_json()["items"]
        return [entry for entry in entries if entry["action"] != "audit-read"]

    def boards_opened(self, action: str) -> int:
        with self.house.service("maintenance").unit_of_work() as uow:
            count = select(func.count()).select_from(audit_entry).where(audit_entry.c.action == action)
            return uow.session.execute(count).scalar_one()


def _text(at: datetime) -> str:
    return at.isoformat()


@pytest.fixture
def someone(house: House) -> Someone:
    house.service("maintenance")
    return Someone(house)


@pytest.fixture
def newcomer(house: House) -> Callable[..., Someone]:
    """Another patient of the same house."""
    return lambda **kwargs: Someone(house, **kwargs)


@pytest.fixture
def a_stranger() -> UUID:
    return uuid4()
