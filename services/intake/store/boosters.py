"""Boosters to call, as maintenance asked for them."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select
from sqlalchemy.orm import Session

from services.intake.domain.boosters import OPEN_WORDS, BoosterState, PlanWord
from services.intake.store.tables import BoosterRow, CourseRow, PatientRow


def by_id(session: Session, booster_id: UUID) -> BoosterRow | None:
    return session.get(BoosterRow, booster_id)


def locked(session: Session, booster_id: UUID) -> BoosterRow:
    """The cycle, freshly read and held to commit: of two callers the second sees what the first did."""
    statement = select(BoosterRow).where(BoosterRow.booster_id == booster_id).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def of_cycle(session: Session, plan_id: UUID, cycle: int) -> BoosterRow | None:
    statement = select(BoosterRow).where(BoosterRow.plan_id == plan_id, BoosterRow.cycle == cycle)
    return session.scalars(statement.with_for_update()).one_or_none()


def of_session(session: Session, session_id: UUID) -> list[BoosterRow]:
    """Every cycle that the session was booked for, whatever maintenance says of it now; held to commit."""
    statement = select(BoosterRow).where(BoosterRow.session_id == session_id).with_for_update()
    return list(session.scalars(statement))


def open_of_patient(session: Session, patient_id: UUID) -> list[BoosterRow]:
    """The patient's cycles that are due or held, the earliest due first; held to commit."""
    statement = select(BoosterRow).where(BoosterRow.patient_id == patient_id, BoosterRow.word.in_(OPEN_WORDS))
    return list(session.scalars(statement.order_by(BoosterRow.due_on, BoosterRow.cycle).with_for_update()))


def words_of(session: Session, patient_ids: Collection[UUID]) -> dict[UUID, PlanWord]:
    """Maintenance's word on each patient's open cycle; a hold on any of them wins. Patients without one are absent."""
    statement = select(BoosterRow.patient_id, BoosterRow.word).where(
        BoosterRow.patient_id.in_(patient_ids), BoosterRow.word.in_(OPEN_WORDS)
    )
    return worst_of(session.execute(statement))


def worst_of(words: Iterable[Row[*tuple[Any, ...]]]) -> dict[UUID, PlanWord]:
    """By patient; a hold on any of a patient's cycles wins."""
    found: dict[UUID, PlanWord] = {}
    for patient_id, word in words:
        if found.get(patient_id) is not PlanWord.HELD:
            found[patient_id] = word
    return found


def to_call(sites: Collection[str], states: Collection[BoosterState]) -> Select[BoosterRow, PatientRow, CourseRow]:
    """The worklist of `sites` in any of `states` (all when empty), patient and course where known; unordered."""
    statement: Select[BoosterRow, PatientRow, CourseRow] = (
        select(BoosterRow, PatientRow, CourseRow)
        .outerjoin(PatientRow, PatientRow.patient_id == BoosterRow.patient_id)
        .outerjoin(CourseRow, CourseRow.course_id == BoosterRow.course_id)
        .where(BoosterRow.site_id.in_(sites))
    )
    if not states:
        return statement
    return statement.where(or_(*(_in_state(state) for state in states)))


def _in_state(state: BoosterState) -> ColumnElement[bool]:
    match state:
        case BoosterState.DUE:
            return and_(BoosterRow.word == PlanWord.DUE, BoosterRow.session_id.is_(None))
        case BoosterState.BOOKED:
            return and_(BoosterRow.word == PlanWord.DUE, BoosterRow.session_id.is_not(None))
        case _:
            return BoosterRow.word == PlanWord(state.value)
