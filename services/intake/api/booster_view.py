"""A cycle, its calls and tasks as the API shows them."""

from typing import Any

from services.intake.api.patients import name_of
from services.intake.api.readers import may_read_names
from services.intake.store.tables import BoosterCallRow, BoosterTaskRow
from services.intake.use_cases.show_boosters import BoosterLine
from shared.kernel.people import Actor


def booster_view(line: BoosterLine, reader: Actor) -> dict[str, Any]:
    row, course = line.row, line.course
    named = line.patient if may_read_names(reader) else None
    last = line.contact.last
    return {
        "booster_id": row.booster_id,
        "patient_id": row.patient_id,
        "course_id": row.course_id,
        "site_id": row.site_id,
        "cycle": row.cycle,
        "due_on": row.due_on,
        "days_overdue": line.days_overdue,
        "interval_days": row.interval_days,
        "state": line.state.value,
        "urgency": line.urgency.value if line.urgency else None,
        "reason": row.reason,
        "session_id": row.session_id,
        "product": course.product.value if course else None,
        "name": name_of(named) if named else None,
        "record_number": named.record_number if named else None,
        "phone": line.phone if named else None,
        "standing": line.standing.value,
        "calls": line.contact.calls,
        # why somebody declines isn't for who sees no names
        "last_call": call_view(last) if last and may_read_names(reader) else None,
        "snoozed_until": line.snoozed_until,
        "snooze_reason": line.contact.snooze.reason.value if line.contact.snooze and line.snoozed_until else None,
        "updated_at": row.updated_at,
    }


def call_view(row: BoosterCallRow) -> dict[str, Any]:
    return {
        "call_id": row.call_id,
        "outcome": row.outcome.value,
        "reason": row.reason.value if row.reason else None,
        "call_from": row.call_from,
        "made_at": row.made_at,
        "made_by": row.made_by_name,
        "undone_at": row.undone_at,
    }


def task_view(row: BoosterTaskRow, call: BoosterCallRow) -> dict[str, Any]:
    return {
        "task_id": row.task_id,
        "booster_id": row.booster_id,
        "patient_id": row.patient_id,
        "site_id": row.site_id,
        "kind": row.kind.value,
        "reason": call.reason.value if call.reason else None,
        "raised_at": row.raised_at,
        "raised_by": call.made_by_name,
        "done_at": row.done_at,
        "done_by": row.done_by_name,
        "answer": row.answer.value if row.answer else None,
    }
