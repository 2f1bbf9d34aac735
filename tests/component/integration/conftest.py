"""An integration service on its own, and the facts that reach it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.contracts.discharge_cleared import DischargeCleared, Disposition
from shared.contracts.session_completed import SessionKind
from shared.messaging.outbox import publish
from tests.support.house import Client, House

Left = Callable[..., UUID]


class Someone:
    """A patient after a session at riverside whose administration ended at the house's first instant, 10:00 local."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.patient_id = uuid4()
        self.session_id = uuid4()
        self.ended_at = house.clock.at

    def leaves(self, **changes: Any) -> DischargeCleared:
        """discharge-cleared travels over the real bus and is consumed."""
        event = self.cleared(**changes)
        running = self.house.service("integration")
        with running.unit_of_work() as uow:
            publish(uow, event, now=self.house.clock.at)
        self.house.run_workers()
        return event

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

    def prompts(self) -> dict[str, dict[str, Any]]:
        return {prompt["kind"]: prompt for prompt in self.window()["prompts"]}


@pytest.fixture
def someone(house: House) -> Someone:
    house.service("integration")
    return Someone(house)


@pytest.fixture
def newcomer(house: House) -> Callable[[], Someone]:
    """Another patient of the same house."""
    return lambda: Someone(house)
