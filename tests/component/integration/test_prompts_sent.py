"""Prompts go out once each, at humane hours, whether the worker lived every minute or slept for weeks."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from services.integration.store.tables import NotificationRow, PromptRow
from services.integration.use_cases.deliver_notifications import deliver_notifications
from shared.contracts.fields import instant_text
from tests.component.integration.conftest import Someone
from tests.support.house import House

NEW_YORK = ZoneInfo("America/New_York")
KINDS = ["now", "themes", "step", "did-it-happen"]


def states(someone: Someone) -> list[str]:
    return [someone.prompts()[kind]["state"] for kind in KINDS]


def test_a_prompt_is_sent_at_its_time_and_not_a_second_early(someone: Someone) -> None:
    someone.leaves()
    someone.house.step_to(someone.at(2, minutes=9, seconds=59))
    assert states(someone) == ["planned"] * 4
    someone.house.step_to(someone.at(2, minutes=10))
    assert someone.prompts()["now"]["sent_at"] == instant_text(someone.at(2, minutes=10))


def test_all_four_are_sent_once_when_time_passes_step_by_step(someone: Someone) -> None:
    someone.leaves()
    someone.house.step_to(someone.at(24 * 30))
    prompts = someone.prompts()
    assert all(prompts[kind]["sent_at"] == prompts[kind]["due_at"] for kind in KINDS)
    someone.house.run_workers()
    found = notifications(someone.house)
    assert [n.kind.value for n in found] == KINDS
    assert all(n.delivered_at == n.created_at and n.deliver_at is None for n in found)


def test_a_jump_past_the_window_sends_nothing_and_says_so(someone: Someone) -> None:
    someone.leaves()
    someone.house.advance(timedelta(weeks=4))
    assert states(someone) == ["missed"] * 4
    assert all(prompt["sent_at"] is None for prompt in someone.prompts().values())
    assert notifications(someone.house) == []
    assert "prompt-missed" in {entry["action"] for entry in someone.audit()}


def test_a_jump_into_the_open_window_sends_what_is_due_and_keeps_the_rest(someone: Someone) -> None:
    someone.leaves()
    someone.house.advance(timedelta(hours=26))
    assert states(someone) == ["sent", "sent", "planned", "planned"]
    assert someone.prompts()["themes"]["sent_at"] == instant_text(someone.at(26))
    assert someone.prompts()["themes"]["due_at"] == instant_text(someone.at(24)), "the plan stays readable"


def test_a_worker_that_wakes_at_night_waits_for_the_morning(someone: Someone) -> None:
    someone.leaves()
    midnight = datetime(2026, 3, 3, 0, 30, tzinfo=NEW_YORK)
    someone.house.advance(midnight - someone.house.clock.at)
    assert states(someone) == ["planned"] * 4
    assert notifications(someone.house) == []
    morning = datetime(2026, 3, 3, 8, 0, tzinfo=NEW_YORK)
    someone.house.step_to(morning - timedelta(seconds=1))
    assert states(someone)[0] == "planned"
    someone.house.step_to(morning)
    assert someone.prompts()["now"]["sent_at"] == instant_text(morning)
    assert len(notifications(someone.house)) == 1


@pytest.mark.parametrize(
    ("late", "state"),
    [(timedelta(0), "sent"), (timedelta(seconds=1), "missed")],
    ids=["as the window closes", "a second later"],
)
def test_the_closing_is_the_last_moment_to_send(someone: Someone, late: timedelta, state: str) -> None:
    someone.leaves()
    someone.house.step_to(someone.at(69))
    someone.house.clock.at = someone.at(72) + late
    someone.house.run_workers()
    assert states(someone)[3] == state


def test_a_leaving_that_is_heard_of_late_still_asks_what_is_here_now(someone: Someone) -> None:
    someone.house.clock.at = someone.at(5)
    someone.leaves()
    assert someone.prompts()["now"]["sent_at"] == instant_text(someone.at(5))


def test_a_prompt_has_one_notification_even_if_it_were_planned_again(someone: Someone) -> None:
    """The database refuses a second one, whatever the code above it believes."""
    someone.leaves()
    someone.house.step_to(someone.at(3))
    running = someone.house.service("integration")
    with running.unit_of_work() as uow:
        prompt = uow.session.scalars(select(PromptRow).where(PromptRow.sent_at.is_not(None))).one()
        prompt_id = prompt.prompt_id
    first = notifications(someone.house)[0]
    with pytest.raises(Exception, match=r"(?i)unique"), running.unit_of_work() as uow:
        uow.session.add(
            NotificationRow(
                notification_id=someone.session_id,
                prompt_id=prompt_id,
                session_id=first.session_id,
                patient_id=first.patient_id,
                site_id=first.site_id,
                kind=first.kind,
                created_at=first.created_at,
            )
        )


def test_the_log_says_that_something_was_sent_and_never_to_whom_or_what(someone: Someone) -> None:
    someone.leaves()
    with capture_logs() as lines:
        someone.house.step_to(someone.at(3))
    line = next(line for line in lines if line["event"] == "notification delivered")
    assert set(line) <= {"event", "log_level", "channel", "notification_id", "kind", "site_id"}
    assert str(someone.patient_id) not in str(lines)


def test_a_delivery_that_fails_is_tried_again_with_the_same_id(someone: Someone) -> None:
    someone.leaves()
    running, now = someone.house.service("integration"), someone.at(3)
    with running.unit_of_work() as uow:
        prompt = uow.session.scalars(select(PromptRow).order_by(PromptRow.due_at)).first()
        assert prompt is not None
        uow.session.add(
            NotificationRow(
                notification_id=prompt.prompt_id,
                prompt_id=prompt.prompt_id,
                session_id=someone.session_id,
                patient_id=someone.patient_id,
                site_id="riverside",
                kind=prompt.kind,
                created_at=now,
                deliver_at=now,
            )
        )
    given: list[str] = []

    def fails(notification: NotificationRow) -> None:
        given.append(str(notification.notification_id))
        raise ConnectionError

    with pytest.raises(ConnectionError), running.unit_of_work() as uow:
        deliver_notifications(uow, channel=fails, now=now)
    with running.unit_of_work() as uow:
        for _ in range(2):
            deliver_notifications(uow, channel=lambda n: given.append(str(n.notification_id)), now=now)
    assert len(given) == 2
    assert len(set(given)) == 1
    assert [n.delivered_at for n in notifications(someone.house)] == [now]


def test_a_whole_morning_of_prompts_is_sent_in_bounded_runs(someone: Someone) -> None:
    """More than one run's worth falls due at one instant; all of it is sent, and nothing twice."""
    for _ in range(60):
        Someone(someone.house).leaves_quietly()
    someone.house.run_workers()
    someone.house.advance(timedelta(hours=71))
    found = notifications(someone.house)
    assert len(found) == 240
    assert len({n.prompt_id for n in found}) == 240


def notifications(house: House) -> list[NotificationRow]:
    with house.service("integration").unit_of_work() as uow:
        return list(uow.session.scalars(select(NotificationRow).order_by(NotificationRow.created_at)))
