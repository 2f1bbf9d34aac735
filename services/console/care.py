"""What a desk, a nurse and a patient do around one session, call by call: the seed and the simulator live by it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.console.client import Answer, Caller, Clinics, Refusal, patiently
from shared.kernel.people import Role

_ITEMS, _HIGHEST = 9, 3


@dataclass
class Care:
    """The people of one site. `replaying`: what is done now was done before an interruption, at least in part."""

    clinics: Clinics
    site_id: str
    replaying: bool = False
    desk: Caller = field(init=False)
    nurse: Caller = field(init=False)
    prescriber: Caller = field(init=False)
    therapist: Caller = field(init=False)

    def __post_init__(self) -> None:
        self.desk = self.clinics.caller(Role.FRONT_DESK, self.site_id)
        self.nurse = self.clinics.caller(Role.NURSE, self.site_id)
        self.prescriber = self.clinics.caller(Role.PRESCRIBER, self.site_id)
        self.therapist = self.clinics.caller(Role.THERAPIST, self.site_id)

    def portal(self, patient_id: str) -> Caller:
        return self.clinics.caller(Role.PORTAL, patient=patient_id)

    def replace(self, caller: Caller, path: str, body: Mapping[str, Any], etag: str | None = None) -> str | None:
        """PUT; returns the record's new ETag. When replaying, a record that has moved on since is left as it is."""
        try:
            return caller.put(path, body, etag=None if self.replaying else etag).etag
        except Refusal as refusal:
            if self.replaying and refusal.status == 409:
                return None
            raise


@dataclass
class Visit:
    """One booked session: `key` names it in idempotency keys, so that doing it again does nothing."""

    care: Care
    key: str
    patient_id: str
    session_id: str
    etag: str | None = None
    recovery_etag: str | None = field(default=None, init=False)

    def bring(self, transport: Mapping[str, Any]) -> None:
        """Say who takes the patient home."""
        self.etag = self.care.replace(self.care.desk, f"{self._intake}/transport", transport, self.etag)

    def check_in(self) -> None:
        self._keep(self.care.desk.post(f"{self._intake}/check-in", key=f"{self.key}:check-in"))

    def start(self, baseline: Mapping[str, Any]) -> None:
        self._keep(self.care.nurse.post(f"{self._intake}/start", {"baseline": baseline}, key=f"{self.key}:start"))

    def complete(self, dose: Mapping[str, Any]) -> None:
        self._keep(self.care.nurse.post(f"{self._intake}/complete", dose, key=f"{self.key}:complete"))

    def observe(self, observation: Mapping[str, Any], mark: object) -> None:
        """Chart an observation; waits for the recovery, which an event opens."""
        path = f"{self._recovery}/observations"
        key = f"{self.key}:observation:{mark}"
        self.recovery_etag = patiently(lambda: self.care.nurse.post(path, observation, key=key)).etag

    def settle(
        self,
        *,
        transport: Mapping[str, Any] | None,
        instructions: Mapping[str, Any] | None,
        risk: Mapping[str, Any] | None,
    ) -> None:
        """Chart what else leaving needs: who is here to take them home, who has heard the sheet, the risk check."""
        for name, body in (("transport", transport), ("instructions", instructions), ("suicide-risk-check", risk)):
            if body is not None:
                path = f"{self._recovery}/{name}"
                self.recovery_etag = self.care.replace(self.care.nurse, path, body, self.recovery_etag)

    def release(self, left_at: datetime | None = None) -> None:
        body = {} if left_at is None else {"left_at": left_at.isoformat()}
        self.care.nurse.post(f"{self._recovery}/release", body, key=f"{self.key}:release")

    def attest(self, slept_hours: float, *, rested: bool = True, symptom_free: bool = True) -> None:
        """The patient's word on the night, told to a nurse on the phone."""
        body = {"slept_hours": slept_hours, "rested": rested, "symptom_free": symptom_free}
        self.care.nurse.post(f"{self._recovery}/sleep-attestations", body, key=f"{self.key}:slept:{slept_hours}")

    def journal(self, entry: Mapping[str, Any], mark: object) -> None:
        body = {"patient_id": self.patient_id, "session_id": self.session_id, **entry}
        portal = self.care.portal(self.patient_id)
        patiently(lambda: portal.post("/integration/v1/journals", body, key=f"{self.key}:journal:{mark}"))

    def book_talk(self, at: datetime, *, minutes: int) -> str:
        """Psychotherapy on this session, with the site's therapist; the appointment's id."""
        body = {
            "patient_id": self.patient_id,
            "session_id": self.session_id,
            "phase": "integration",
            "modality": "in-person",
            "starts_at": at.isoformat(),
            "duration_minutes": minutes,
        }
        booked = self.care.therapist.post("/integration/v1/kap-appointments", body, key=f"{self.key}:talk")
        return str(booked["appointment_id"])

    def came_to_talk(self, appointment_id: str) -> None:
        path = f"/integration/v1/kap-appointments/{appointment_id}/attendance"
        self.care.therapist.post(path, {"attendance": "attended"}, key=f"{self.key}:talked")

    @property
    def _intake(self) -> str:
        return f"/intake/v1/sessions/{self.session_id}"

    @property
    def _recovery(self) -> str:
        return f"/discharge/v1/recoveries/{self.session_id}"

    def _keep(self, answer: Answer) -> None:
        self.etag = answer.etag


def register(care: Care, key: str, person: Mapping[str, Any]) -> str:
    """A new patient's id."""
    answer = care.desk.post("/intake/v1/patients", {**person, "home_site_id": care.site_id}, key=f"{key}:patient")
    return str(answer["patient_id"])


def open_course(care: Care, key: str, patient_id: str, *, product: str, planned: int, indication: str) -> str:
    body = {
        "patient_id": patient_id,
        "site_id": care.site_id,
        "indication": indication,
        "product": product,
        "planned_sessions": planned,
    }
    return str(care.desk.post("/intake/v1/courses", body, key=f"{key}:course")["course_id"])


def book(
    care: Care, key: str, patient_id: str, course_id: str, *, chair: str, at: datetime, minutes: int, kind: str
) -> Visit:
    """Raises Refusal `chair-taken` or `patient-already-booked`."""
    body = {
        "course_id": course_id,
        "site_id": care.site_id,
        "chair_id": chair,
        "starts_at": at.isoformat(),
        "duration_minutes": minutes,
        "kind": kind,
    }
    answer = care.desk.post("/intake/v1/sessions", body, key=f"{key}:book")
    return Visit(care, key, patient_id, str(answer["session_id"]), answer.etag)


def assess(care: Care, key: str, patient_id: str, total: int, item_9: int) -> None:
    """A PHQ-9 with that total, told to the nurse item by item."""
    body = {
        "patient_id": patient_id,
        "site_id": care.site_id,
        "instrument": "phq-9",
        "answers": phq_9_answers(total, item_9),
    }
    care.nurse.post("/maintenance/v1/assessments", body, key=f"{key}:phq-9:{total}")


def call_for_booster(care: Care, key: str, patient_id: str, said: Mapping[str, Any], *, by: str | None = None) -> None:
    """Record what came of a call; `by` is another member of the desk."""
    desk = care.desk if by is None else care.clinics.caller(Role.FRONT_DESK, care.site_id, subject=by)
    desk.post(f"/intake/v1/boosters/{_booster_of(care, patient_id)}/outcomes", said, key=key)


def snooze_booster(care: Care, key: str, patient_id: str, said: Mapping[str, Any]) -> None:
    care.desk.post(f"/intake/v1/boosters/{_booster_of(care, patient_id)}/snooze", said, key=key)


def _booster_of(care: Care, patient_id: str) -> str:
    """The patient's cycle on the list; raises LookupError when maintenance hasn't asked for one."""
    for item in care.desk.everything("/intake/v1/boosters", site_id=care.site_id, state="due"):
        if item["patient_id"] == patient_id:
            return str(item["booster_id"])
    raise LookupError(f"nobody asked for a booster of {patient_id}")


def phq_9_answers(total: int, item_9: int) -> list[int]:
    """Nine answers of 0 to 3 with that sum, the last of them `item_9`; raises ValueError when there are none."""
    left = total - item_9
    if not (0 <= item_9 <= _HIGHEST and 0 <= left <= _HIGHEST * (_ITEMS - 1)):
        raise ValueError(f"no nine answers of 0 to 3 sum to {total} with {item_9} last")
    base, more = divmod(left, _ITEMS - 1)
    return [base + (number < more) for number in range(_ITEMS - 1)] + [item_9]


def well(at: datetime, **other: Any) -> dict[str, Any]:
    """An observation with everything charted and nothing that stands against leaving; `other` replaces fields."""
    return {
        "observed_at": at.isoformat(),
        "systolic_mmhg": 124,
        "diastolic_mmhg": 78,
        "heart_rate_bpm": 72,
        "spo2_percent": 98,
        "moaas": 5,
        "nausea_0_10": 0,
        "vomiting": False,
        "oriented": True,
        "steady_gait": True,
        "fluids_tolerated": True,
        "dissociation_resolved": True,
        "aldrete": {"activity": 2, "respiration": 2, "circulation": 2, "consciousness": 2, "oxygen": 2},
        "padss": {"vital_signs": 2, "activity": 2, "nausea_vomiting": 2, "pain": 2, "dissociation": 2},
        "symptoms": [],
    } | other


HEARD = {"patient_acknowledged": True, "escort_acknowledged": True}


def no_concern(at: datetime) -> dict[str, Any]:
    return {"outcome": "no-concern", "performed_at": at.isoformat()}
