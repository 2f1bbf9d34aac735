"""To do: what integration asks of the desk, therapists and clinicians."""

from datetime import datetime

from services.integration.deps import Deps
from services.integration.domain.task import TaskOutcome
from services.integration.pages.task_words import WORST_FIRST, line_of
from services.integration.store import tasks
from services.integration.use_cases.finish_task import finish_task, open_task_again
from services.integration.use_cases.visible import task_for
from shared.store.unit_of_work import UnitOfWork
from shared.web import context
from shared.web.pages import todo_page
from shared.web.pages.live import Viewer
from shared.web.pages.todo import DONE_FOR, Line


def lines_of(uow: UnitOfWork, viewer: Viewer, now: datetime) -> list[Line]:
    """The worst kind first; of one kind the longest waiting."""
    zone = context.deps(Deps).sites[viewer.site_id].zone
    found = tasks.on_board(uow.session, viewer.site_id, done_since=now - DONE_FOR)
    worst_first = sorted(found, key=lambda each: WORST_FIRST.index(each[0].kind))
    return [line_of(task, window, viewer.roles, zone=zone, now=now) for task, window in worst_first]


TODO = todo_page.Todo(
    service="integration",
    empty="Nothing to do. Patients who want to talk, and windows that closed without psychotherapy, appear here.",
    opened="integration-tasks-opened",
    outcomes=TaskOutcome,
    lines=lines_of,
    find=task_for,
    finish=lambda uow, task_id, outcome, now: finish_task(uow, task_id, outcome=outcome, now=now),
    open_again=lambda uow, task_id, now: open_task_again(uow, task_id, now=now),
)
blueprint = todo_page.blueprint(TODO)
