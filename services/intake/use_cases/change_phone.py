"""A patient has another phone number."""

from datetime import datetime

from services.intake.domain.names import digits_of, is_phone, phone_key
from services.intake.store import changes
from services.intake.store.tables import PatientRow
from shared.kernel.errors import FieldError, Invalid
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


def change_phone(
    uow: UnitOfWork, row: PatientRow, phone: str, *, reason: str, pointer: str = "/phone", now: datetime
) -> None:
    """Write the number, keeping the old one beside it. The caller holds the patient's row. Raises Invalid."""
    if not is_phone(phone):
        raise Invalid(FieldError(pointer, "Must be a phone number of 5 to 20 digits."))
    if phone == row.phone:
        return
    old, new = changes.Phone(row.phone), changes.Phone(phone)
    changes.keep(uow, record_id=row.patient_id, what="phone", old=old, new=new, reason=reason, now=now)
    row.phone, row.phone_digits, row.phone_key = phone, digits_of(phone), phone_key(phone)
    touch(row, now=now)
    uow.session.flush()
    audit.wrote(
        uow,
        "patient-phone-changed",
        at=now,
        patient_id=row.patient_id,
        record_id=row.patient_id,
        site_id=row.home_site_id,
    )
