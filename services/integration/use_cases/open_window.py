"""Opens a session's window when its patient has left; moves or withdraws it when the facts are corrected."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from services.integration.domain.policies.prompts import plan_prompts
from services.integration.domain.policies.window import window_after
from services.integration.domain.prompts import PlannedPrompt, PromptState
from services.integration.domain.rules import IntegrationRules
from services.integration.domain.window import Window
from services.integration.store import journals, windows
from services.integration.store.tables import PromptRow, WindowRow
from shared.contracts.discharge_cleared import DischargeCleared
from shared.contracts.session_completed import SessionStatus
from shared.kernel.errors import Conflict
from shared.kernel.ids import new_id
from shared.kernel.sites import Sites, is_zone
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork


def open_window(
    uow: UnitOfWork, cleared: DischargeCleared, *, rules: IntegrationRules, sites: Sites, now: datetime
) -> WindowRow:
    """Open the window of a session, or take a higher revision; a lower or equal one changes nothing. Safe to repeat.

    A correction moves the window and every prompt that wasn't sent, and labels the journals anew. A session entered in
    error withdraws them: nothing more is sent; a still higher revision that takes the error back opens them again. What
    was sent stays sent, what was written stays written, what was published stays published. Raises Conflict when a
    revision names another patient: nobody's journals change hands.
    """
    row = windows.locked(uow.session, cleared.session_id)
    if row is not None and row.patient_id != cleared.patient_id:
        raise Conflict("A correction names another patient than the session’s.", code="another-patient")
    if row is not None and row.revision >= cleared.revision:
        return row
    zone = _zone(cleared, sites)
    stood = None if row is None else windows.span(row)
    window = replace(
        window_after(cleared.administration_ended_at, rules.window), withdrawn_at=_withdrawn_at(cleared, stood, now)
    )
    planned = plan_prompts(cleared.administration_ended_at, cleared.left_at, zone, window, rules.prompts)
    if row is None:
        row = WindowRow(session_id=cleared.session_id, patient_id=cleared.patient_id, course_id=cleared.course_id)
        uow.session.add(row)
    else:
        _label_anew(uow, row, window, now)
    row.site_id = cleared.site_id
    row.revision = cleared.revision
    row.administration_ended_at = cleared.administration_ended_at
    row.left_at = cleared.left_at
    row.opens_at, row.closes_at, row.withdrawn_at = window.opens_at, window.closes_at, window.withdrawn_at
    row.time_zone = zone.key
    row.restriction_earliest_end_at = cleared.restriction_earliest_end_at
    if window != stood:
        row.kap_check_due_at = window.closes_at if window.withdrawn_at is None else None
    touch(row, now=now)
    uow.session.flush()
    _plan(uow, row, planned)
    action = _action(stood, window)
    audit.wrote(uow, action, at=now, patient_id=row.patient_id, record_id=row.session_id, site_id=row.site_id)
    return row


def _withdrawn_at(cleared: DischargeCleared, stood: Window | None, now: datetime) -> datetime | None:
    if cleared.status is not SessionStatus.ENTERED_IN_ERROR:
        return None
    return now if stood is None or stood.withdrawn_at is None else stood.withdrawn_at


def _action(stood: Window | None, window: Window) -> str:
    if window.withdrawn_at is not None:
        return "window-withdrawn"
    return "window-opened" if stood is None or stood.withdrawn_at is not None else "window-moved"


def _zone(cleared: DischargeCleared, sites: Sites) -> ZoneInfo:
    # a zone this machine doesn't know must not silence a patient's prompts: the site's is the next best
    if is_zone(cleared.restriction_time_zone):
        return ZoneInfo(cleared.restriction_time_zone)
    return sites[cleared.site_id].zone


def _plan(uow: UnitOfWork, row: WindowRow, planned: tuple[PlannedPrompt, ...]) -> None:
    """Write the plan over every prompt that wasn't sent; one that was missed or withdrawn gets another chance."""
    known = windows.prompts_of(uow.session, row.session_id)
    for plan in planned:
        prompt = known.get(plan.kind)
        if prompt is None:
            prompt = PromptRow(prompt_id=new_id(), session_id=row.session_id, kind=plan.kind)
            uow.session.add(prompt)
        elif prompt.state is PromptState.SENT:
            continue
        prompt.due_at = plan.due_at
        if row.withdrawn_at is None:
            prompt.state, prompt.send_at = PromptState.PLANNED, plan.due_at
        else:
            prompt.state, prompt.send_at = PromptState.WITHDRAWN, None


def _label_anew(uow: UnitOfWork, row: WindowRow, window: Window, now: datetime) -> None:
    for journal in journals.of_session(uow.session, row.session_id):
        position = window.position(journal.written_at)
        if position is not journal.window_position:
            journal.window_position = position
            touch(journal, now=now)
