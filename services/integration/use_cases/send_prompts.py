"""Sends the prompts that are due: each becomes a notification once, or waits for the morning, or is missed."""

from datetime import datetime
from zoneinfo import ZoneInfo

from services.integration.domain.policies.prompts import PromptRules, Sending, decide_sending
from services.integration.domain.prompts import PromptState
from services.integration.store import windows
from services.integration.store.tables import NotificationRow, PromptRow, WindowRow
from shared.kernel.ids import new_id
from shared.store import audit
from shared.store.touch import touch
from shared.store.unit_of_work import UnitOfWork

_AT_ONCE = 200


def send_prompts(uow: UnitOfWork, *, rules: PromptRules, now: datetime) -> None:
    """Settle up to 200 prompts due at `now`, inclusive. Safe to repeat: one notification a prompt, for good."""
    for prompt, window in windows.prompts_to_send(uow.session, now=now, limit=_AT_ONCE):
        decision = decide_sending(closes_at=window.closes_at, zone=ZoneInfo(window.time_zone), rules=rules, now=now)
        match decision.verdict:
            case Sending.WAIT:
                prompt.send_at = decision.wait_until
            case Sending.MISSED:
                prompt.state, prompt.send_at = PromptState.MISSED, None
                _settled(uow, "prompt-missed", prompt, window, now)
            case Sending.SEND:
                prompt.state, prompt.send_at, prompt.sent_at = PromptState.SENT, None, now
                uow.session.add(_notification(prompt, window, now))
                _settled(uow, "prompt-sent", prompt, window, now)


def _notification(prompt: PromptRow, window: WindowRow, now: datetime) -> NotificationRow:
    return NotificationRow(
        notification_id=new_id(),
        prompt_id=prompt.prompt_id,
        session_id=window.session_id,
        patient_id=window.patient_id,
        site_id=window.site_id,
        kind=prompt.kind,
        created_at=now,
        deliver_at=now,
    )


def _settled(uow: UnitOfWork, action: str, prompt: PromptRow, window: WindowRow, now: datetime) -> None:
    touch(window, now=now)
    audit.wrote(uow, action, at=now, patient_id=window.patient_id, record_id=prompt.prompt_id, site_id=window.site_id)
