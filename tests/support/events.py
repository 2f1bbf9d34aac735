"""One plausible event of each contract; a test names only what matters to it. Nobody in them exists."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from shared.contracts.booster_due import BoosterDue, BoosterReason, BoosterState
from shared.contracts.discharge_cleared import DischargeCleared, Disposition
from shared.contracts.journal_submitted import JournalSubmitted, Practice, Sharing, WindowPosition
from shared.contracts.session_completed import (
    Product,
    Route,
    SessionCompleted,
    SessionKind,
    SessionStatus,
    TransportKind,
)

PATIENT = UUID("0b9f4a52-8f0e-4b7e-9d0a-0f6f6f1f2a11")
COURSE = UUID("1b9f4a52-8f0e-4b7e-9d0a-0f6f6f1f2a22")
SESSION = UUID("2b9f4a52-8f0e-4b7e-9d0a-0f6f6f1f2a33")


def a_session_completed(**changes: Any) -> SessionCompleted:
    event = SessionCompleted(
        session_id=SESSION,
        patient_id=PATIENT,
        site_id="riverside",
        course_id=COURSE,
        status=SessionStatus.FINAL,
        kind=SessionKind.INDUCTION,
        number=1,
        planned_sessions=6,
        booster_cycle=None,
        product=Product.KETAMINE_IV,
        route=Route.INTRAVENOUS,
        administration_started_at=datetime(2026, 3, 2, 14, 0, tzinfo=UTC),
        administration_ended_at=datetime(2026, 3, 2, 14, 40, tzinfo=UTC),
        baseline_systolic_mmhg=124,
        baseline_diastolic_mmhg=78,
        baseline_heart_rate_bpm=70,
        baseline_spo2_percent=98,
        transport_kind=TransportKind.ESCORT,
        transport_confirmed_at=datetime(2026, 3, 2, 13, 30, tzinfo=UTC),
        chair_name="Chair 1",
        overnight_time_zone="America/New_York",
        indication_recorded=True,
        revision=1,
    )
    return replace(event, **changes)


def a_discharge_cleared(**changes: Any) -> DischargeCleared:
    event = DischargeCleared(
        session_id=SESSION,
        patient_id=PATIENT,
        site_id="riverside",
        course_id=COURSE,
        kind=SessionKind.INDUCTION,
        administration_ended_at=datetime(2026, 3, 2, 14, 40, tzinfo=UTC),
        chair_name="Chair 1",
        left_at=datetime(2026, 3, 2, 16, 45, 30, 500_000, tzinfo=UTC),
        disposition=Disposition.CLEARED,
        monitored_minutes=125,
        restriction_earliest_end_at=datetime(2026, 3, 3, 12, 0, tzinfo=UTC),
        restriction_time_zone="America/New_York",
        restriction_rule_version="driving-1",
        policy_version="release-1",
        revision=1,
    )
    return replace(event, **changes)


def a_journal_submitted(**changes: Any) -> JournalSubmitted:
    event = JournalSubmitted(
        journal_id=UUID("3b9f4a52-8f0e-4b7e-9d0a-0f6f6f1f2a44"),
        patient_id=PATIENT,
        site_id="riverside",
        session_id=SESSION,
        practice=Practice.WORDS_FAIL_ME,
        written_at=datetime(2026, 3, 4, 15, 0, tzinfo=UTC),
        submitted_at=datetime(2026, 3, 4, 15, 5, tzinfo=UTC),
        window_position=WindowPosition.IN_WINDOW,
        mood_0_10=6,
        contact_requested=False,
        sharing=Sharing.CARE_TEAM,
    )
    return replace(event, **changes)


def a_booster_due(**changes: Any) -> BoosterDue:
    event = BoosterDue(
        plan_id=UUID("4b9f4a52-8f0e-4b7e-9d0a-0f6f6f1f2a55"),
        patient_id=PATIENT,
        site_id="riverside",
        course_id=COURSE,
        cycle=1,
        due_on=date(2026, 5, 4),
        lead_days=14,
        interval_days=42,
        reason=BoosterReason.INTERVAL_SET,
        state=BoosterState.DUE,
        revision=1,
    )
    return replace(event, **changes)
