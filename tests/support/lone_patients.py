"""One patient at each site and nobody else, made through the API as its people would: released at harbor with a PHQ-9
that calls somebody and psychotherapy during the session, recovering at riverside, an emergency at lakeview. In the bus
two lines are held back, of patients who are nobody's.

with lone_patients(folder) as house: …
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from services.console.care import HEARD, Care, Visit, assess, book, no_concern, open_course, register, well
from services.console.client import Clinics, patiently
from shared.kernel.people import Role
from tests.e2e.running import RunningHouse
from tests.support.held_back import hold
from tests.support.morning import MORNING

_OPENS = MORNING - timedelta(hours=4)
_MINUTE = timedelta(minutes=1)
_BASELINE = {"systolic_mmhg": 122, "diastolic_mmhg": 78, "heart_rate_bpm": 70, "spo2_percent": 98}
_PEOPLE = {
    "riverside": {"given_name": "Ada", "family_name": "Alone", "birth_date": "1987-05-04", "phone": "(212) 555-0171"},
    "lakeview": {"given_name": "Lou", "family_name": "Sole", "birth_date": "1962-08-09", "phone": "(312) 555-0172"},
    "harbor": {"given_name": "Uma", "family_name": "Only", "birth_date": "1991-01-30", "phone": "(213) 555-0173"},
}


@contextmanager
def lone_patients(folder: Path) -> Iterator[RunningHouse]:
    with RunningHouse(folder / "data", "--empty", "--at", _OPENS.isoformat(), "--speed", "0") as house:
        clinics = Clinics(house.origin, house.data / "keys")
        _are_there(clinics)
        clinics.close()
        hold(house, "integration", "discharge-cleared", minutes=221)
        hold(house, "maintenance", "journal-submitted", minutes=8)
        yield house


def _are_there(clinics: Clinics) -> None:
    harbor = _dosed(clinics, "harbor", "h1")
    for minutes in (100, 118):
        clinics.move_clock(_OPENS + minutes * _MINUTE)
        harbor.observe(well(clinics.now()), minutes)
    clinics.move_clock(_OPENS + 126 * _MINUTE)
    here = {"kind": "escort", "name": "Robin Walker", "phone": None, "present": True, "identified_by": "photo ID"}
    harbor.settle(transport=here, instructions=HEARD, risk=no_concern(clinics.now()))
    harbor.release()
    assess(harbor.care, "lone", harbor.patient_id, 14, 1)
    therapist = clinics.caller(Role.THERAPIST, "harbor")
    talk = {"patient_id": harbor.patient_id, "session_id": harbor.session_id, "phase": "dosing"}
    talk |= {"starts_at": (_OPENS + 10 * _MINUTE).isoformat()}
    patiently(lambda: therapist.post("/integration/v1/kap-appointments", talk, key="lone:talk"))

    clinics.move_clock(MORNING - 75 * _MINUTE)
    riverside, lakeview = _dosed(clinics, "riverside", "r1"), _dosed(clinics, "lakeview", "l1")
    clinics.move_clock(MORNING - 40 * _MINUTE)
    riverside.observe(well(clinics.now()), "first")
    lakeview.observe(well(clinics.now()), "first")
    clinics.move_clock(MORNING - 2 * _MINUTE)
    hurts = [{"code": "chest-pain", "grade": 2}]
    lakeview.observe(well(clinics.now(), systolic_mmhg=164, diastolic_mmhg=101, symptoms=hurts), "pain")
    clinics.move_clock(MORNING)


def _dosed(clinics: Clinics, site_id: str, chair: str) -> Visit:
    """Here, started and dosed, all within ten minutes of now."""
    care, now = Care(clinics, site_id), clinics.now()
    key = f"lone-{site_id}"
    patient = register(care, key, _PEOPLE[site_id])
    course = open_course(care, key, patient, product="ketamine-iv", planned=6, indication="depression")
    visit = book(care, key, patient, course, chair=chair, at=now, minutes=150, kind="induction")
    visit.bring(
        {
            "kind": "escort",
            "name": "Robin Walker",
            "phone": "(212) 555-0196",
            "relationship": "sibling",
            "adult": True,
            "confirmed_at": now.isoformat(),
            "arrives_at": (now + timedelta(hours=3)).isoformat(),
        }
    )
    visit.check_in()
    visit.start(_BASELINE)
    clinics.move_clock(max(clinics.now(), now + 5 * _MINUTE))
    visit.complete({"dose_mg": 40, "lot": "LONE-1"})
    return visit
