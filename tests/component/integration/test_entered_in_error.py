"""A session that never was, from the chair to the patient's portal: three services, one correction."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from services.integration.store.tables import NotificationRow
from tests.component.discharge.conftest import Stay
from tests.component.intake.conftest import Clinic
from tests.support.house import House


def test_once_the_dose_is_struck_nobody_is_prompted_any_more(house: House) -> None:
    for name in ("intake", "discharge", "integration"):
        house.service(name)
    clinic = Clinic(house)
    session = clinic.dosed()
    house.run_workers()
    is_released(house, session)
    house.run_workers()
    assert clinic.session(session)["state"] == "left"
    house.step_to(house.clock.at + timedelta(hours=24))
    assert [p["state"] for p in window(house, session)["prompts"]] == ["sent", "sent", "planned", "planned"]

    clinic.act(session, "corrections", {"entered_in_error": True, "reason": "wrong patient"})
    house.run_workers()

    struck = clinic.session(session)
    assert (struck["state"], struck["left_at"]) == ("cancelled", None)
    assert window(house, session)["state"] == "closed"
    house.step_to(house.clock.at + timedelta(hours=72))
    assert [p["state"] for p in window(house, session)["prompts"]] == ["sent", "sent", "withdrawn", "withdrawn"]
    assert notified(house) == 2
    portal = house.client("discharge", role="portal", sites=(), patient=session["patient_id"])
    portal.get(f"/recoveries/{session['session_id']}/driving-restriction", expect=409)


def is_released(house: House, session: dict[str, Any]) -> None:
    stay = Stay(house, session_id=UUID(session["session_id"]), patient_id=UUID(session["patient_id"]))
    stay.is_released()


def window(house: House, session: dict[str, Any]) -> dict[str, Any]:
    portal = house.client("integration", role="portal", sites=(), patient=session["patient_id"])
    answer: dict[str, Any] = portal.get(f"/windows/{session['session_id']}").get_json()
    return answer


def notified(house: House) -> int:
    with house.service("integration").unit_of_work() as uow:
        return uow.session.scalars(select(func.count()).select_from(NotificationRow)).one()
