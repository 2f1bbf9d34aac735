"""What calls for boosters asked of clinicians: a card on top of the list, for those whose task it may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from services.intake.domain.calls import TASK_ANSWERS, TASK_ROLES, TaskAnswer, TaskKind
from services.intake.pages.booster_words import REASONS, TASKS
from services.intake.store import calls, patients
from shared.kernel.people import Role
from shared.store.unit_of_work import UnitOfWork
from shared.web.pages.live import Board, Viewer

_ANSWERS: Mapping[tuple[TaskKind, TaskAnswer], str] = {
    (TaskKind.TALK, TaskAnswer.CALL_AGAIN): "Talked: the desk may call",
    (TaskKind.DECLINED, TaskAnswer.CALL_AGAIN): "Ask again",
    (TaskKind.DECLINED, TaskAnswer.OFF_THE_LIST): "Agreed: off the list",
    (TaskKind.LEAVING, TaskAnswer.OFF_THE_LIST): "Confirm: off the list",
    (TaskKind.LEAVING, TaskAnswer.CALL_AGAIN): "Not so: call again",
}
_WHOSE = {
    TaskKind.TALK: "A nurse or prescriber calls them today",
    TaskKind.DECLINED: "For a prescriber",
    TaskKind.LEAVING: "For the medical director",
}
_CLINICIANS = frozenset({Role.NURSE, Role.PRESCRIBER, Role.MEDICAL_DIRECTOR})


@dataclass(frozen=True, slots=True)
class Asked:
    """One task as a card's line; `answers` are (value, words), empty when it is another's to answer."""

    id: str
    task_id: str
    booster_id: str
    patient_id: str
    name: str
    phone: str
    words: str
    source: str
    raised_at: datetime
    whose: str
    answers: tuple[tuple[str, str], ...]


def booster_tasks(uow: UnitOfWork, viewer: Viewer, now: datetime) -> Board:
    """Nothing for who has no part in it."""
    roles = frozenset(Role(role) for role in viewer.roles)
    if roles.isdisjoint(_CLINICIANS):
        return Board({})
    rows = calls.open_tasks(uow.session, {viewer.site_id})
    made = calls.by_ids(uow.session, [row.call_id for row in rows])
    known = {row.patient_id: patients.by_id(uow.session, row.patient_id) for row in rows}
    template = current_app.jinja_env.get_template("intake/booster_task.html")
    zone = current_app.deps.sites[viewer.site_id].zone  # type: ignore[attr-defined]
    parts = {}
    for row in rows:
        patient, call = known[row.patient_id], made[row.call_id]
        mine = not roles.isdisjoint(TASK_ROLES[row.kind])
        asked = Asked(
            id=f"task-{row.task_id}",
            task_id=str(row.task_id),
            booster_id=str(row.booster_id),
            patient_id=str(row.patient_id),
            name=f"{patient.given_name} {patient.family_name}" if patient else "Not registered here",
            phone=patient.phone if patient else "",
            words=TASKS[row.kind] + (f": {REASONS[call.reason].lower()}" if call.reason else ""),
            source=call.made_by_name,
            raised_at=row.raised_at,
            whose="" if mine else _WHOSE[row.kind],
            answers=tuple((a.value, _ANSWERS[row.kind, a]) for a in TASK_ANSWERS[row.kind]) if mine else (),
        )
        parts[asked.id] = template.render(asked=asked, zone=zone, now=now)
    return Board(parts, {"tasks": tuple(parts)})
