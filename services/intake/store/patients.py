"""Patients: who may be seen from which sites, searches, likely duplicates, record numbers."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, literal, or_, select, union
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from services.intake.domain.names import digits_of, folded
from services.intake.store.tables import CourseRow, PatientRow, RecordCountRow, SessionRow

_MIN_PHONE_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody typed to find a patient: a name, a record number, digits of a phone, or a birth date."""

    typed: str


def by_id(session: Session, patient_id: UUID) -> PatientRow | None:
    return session.get(PatientRow, patient_id)


def lock(session: Session, patient_id: UUID) -> None:
    """Hold the patient's row to commit: two bookings of one patient queue here."""
    session.execute(select(PatientRow.patient_id).where(PatientRow.patient_id == patient_id).with_for_update())


def sites_of(session: Session, patient_id: UUID) -> frozenset[str]:
    """The sites a patient is visible from: home, any course's, any booked session's."""
    found = session.execute(
        union(
            select(PatientRow.home_site_id).where(PatientRow.patient_id == patient_id),
            select(CourseRow.site_id).where(CourseRow.patient_id == patient_id),
            select(SessionRow.site_id).where(SessionRow.patient_id == patient_id),
        )
    )
    return frozenset(found.scalars())


def visible_from(sites: Collection[str]) -> ColumnElement[bool]:
    """The same rule as `sites_of`, as a condition on patients."""
    return or_(
        PatientRow.home_site_id.in_(sites),
        PatientRow.patient_id.in_(select(CourseRow.patient_id).where(CourseRow.site_id.in_(sites))),
        PatientRow.patient_id.in_(select(SessionRow.patient_id).where(SessionRow.site_id.in_(sites))),
    )


def found_by(search: Search | None, *, sites: Collection[str]) -> Select[PatientRow]:
    """Visible patients that match `search`; all visible ones without one. Unordered."""
    statement = select(PatientRow).where(visible_from(sites))
    return statement if search is None else statement.where(_matches(search.typed))


def by_name(search: Search, *, sites: Collection[str], limit: int) -> Select[PatientRow]:
    """Visible patients that match, as people read a list: by family name, then given name."""
    statement = found_by(search, sites=sites)
    return statement.order_by(PatientRow.family_name, PatientRow.given_name, PatientRow.record_number).limit(limit)


def of_record_number(number: str, *, sites: Collection[str]) -> Select[PatientRow]:
    """The visible patient of exactly that record number, in whatever case it was typed."""
    return select(PatientRow).where(PatientRow.record_number == number.strip().upper(), visible_from(sites))


def with_ids(session: Session, patient_ids: Iterable[UUID], *, sites: Collection[str]) -> list[PatientRow]:
    """The visible ones among `patient_ids`, by record number."""
    statement = select(PatientRow).where(PatientRow.patient_id.in_(list(patient_ids)), visible_from(sites))
    return list(session.scalars(statement.order_by(PatientRow.record_number)))


def perhaps_same(
    session: Session, *, birth_date: date, phone_key: str, but: UUID, sites: Collection[str]
) -> list[PatientRow]:
    """Visible patients other than `but` with the same birth date or phone: the candidates for a duplicate."""
    statement = select(PatientRow).where(
        PatientRow.patient_id != but,
        or_(PatientRow.birth_date == birth_date, PatientRow.phone_key == phone_key),
        visible_from(sites),
    )
    return list(session.scalars(statement.order_by(PatientRow.record_number)))


def next_count(session: Session, prefix: str) -> int:
    """The next record count of `prefix`, from 1; the count's row is held to commit, so no two are the same."""
    upsert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    counted = (
        upsert(RecordCountRow)
        .values(prefix=prefix, given=1)
        .on_conflict_do_update(index_elements=["prefix"], set_={"given": RecordCountRow.given + 1})
        .returning(RecordCountRow.given)
    )
    return session.execute(counted).scalar_one()


def _matches(typed: str) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = [PatientRow.record_number == typed.strip().upper()]
    words = folded(typed).split()
    if words:
        # every word must begin some word of the name; folding leaves letters and digits only, nothing LIKE reads
        padded = literal(" ") + PatientRow.search_name
        ways.append(and_(*(padded.contains(f" {word}") for word in words)))
    digits = digits_of(typed)
    if len(digits) >= _MIN_PHONE_DIGITS and not any(c.isalpha() for c in typed):
        ways.append(PatientRow.phone_digits.contains(digits))
        ways.append(PatientRow.record_number.endswith(f"-{digits}"))
    with suppress(ValueError):
        ways.append(PatientRow.birth_date == date.fromisoformat(typed.strip()))
    return or_(false(), *ways)
