"""Register a patient, and point out who may be the same person."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.intake.domain.names import digits_of, folded, is_phone, phone_key, record_number, record_prefix
from services.intake.domain.policies.duplicates import Identity, Likeness, likenesses
from services.intake.domain.rules import IntakeRules
from services.intake.store import patients
from services.intake.store.tables import PatientRow
from services.intake.use_cases import reach
from shared.kernel.errors import FieldError, Invalid
from shared.kernel.ids import new_id
from shared.kernel.sites import Sites
from shared.store import audit
from shared.store.unit_of_work import UnitOfWork

_LONGEST_LIFE = timedelta(days=130 * 366)


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterPatient:
    family_name: str
    given_name: str
    birth_date: date
    phone: str
    home_site_id: str


@dataclass(frozen=True, slots=True)
class PossibleDuplicate:
    patient: PatientRow
    because: tuple[Likeness, ...]


@dataclass(frozen=True, slots=True)
class Registered:
    patient: PatientRow
    possible_duplicates: tuple[PossibleDuplicate, ...]


def register_patient(
    uow: UnitOfWork, command: RegisterPatient, *, sites: Sites, rules: IntakeRules, now: datetime
) -> Registered:
    """Write the patient under a record number of its home site. A likely duplicate never stops it: a person decides.

    Only patients whom the actor may see are pointed out.
    """
    site = reach.own_site(uow, sites, command.home_site_id, pointer="/home_site_id")
    _check(command, today=site.local_day(now))
    prefix = record_prefix(site.site_id)
    row = PatientRow(
        patient_id=new_id(),
        record_number=record_number(prefix, patients.next_count(uow.session, prefix)),
        family_name=command.family_name,
        given_name=command.given_name,
        birth_date=command.birth_date,
        phone=command.phone,
        phone_digits=digits_of(command.phone),
        phone_key=phone_key(command.phone),
        search_name=f"{folded(command.given_name)} {folded(command.family_name)}",
        home_site_id=site.site_id,
        registered_at=now,
        updated_at=now,
    )
    uow.session.add(row)
    uow.session.flush()
    audit.wrote(
        uow, "patient-registered", at=now, patient_id=row.patient_id, record_id=row.patient_id, site_id=site.site_id
    )
    return Registered(row, possible_duplicates(uow, row, rules))


def _check(command: RegisterPatient, *, today: date) -> None:
    found = []
    if not today - _LONGEST_LIFE <= command.birth_date <= today:
        found.append(FieldError("/birth_date", "Must not be ahead of today, nor more than 130 years ago."))
    if not is_phone(command.phone):
        found.append(FieldError("/phone", "Must be a phone number of 5 to 20 digits."))
    for pointer, name in (("/family_name", command.family_name), ("/given_name", command.given_name)):
        if not folded(name):
            found.append(FieldError(pointer, "Must hold at least one letter."))
    if found:
        raise Invalid(*found)


def possible_duplicates(uow: UnitOfWork, row: PatientRow, rules: IntakeRules) -> tuple[PossibleDuplicate, ...]:
    """Other patients whom the actor may see and who may be the same person, each with why."""
    candidates = patients.perhaps_same(
        uow.session, birth_date=row.birth_date, phone_key=row.phone_key, but=row.patient_id, sites=uow.actor.sites
    )
    judged = ((other, likenesses(_identity(row), _identity(other), rules.duplicates)) for other in candidates)
    return tuple(PossibleDuplicate(other, because) for other, because in judged if because)


def _identity(row: PatientRow) -> Identity:
    return Identity(row.family_name, row.given_name, row.birth_date, row.phone)
