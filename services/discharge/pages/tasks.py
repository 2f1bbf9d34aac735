"""To do: what recovery and the night after it ask of nurses and doctors."""

from datetime import datetime

from services.discharge.deps import Deps
from services.discharge.domain.states import TaskOutcome
from services.discharge.pages.task_words import WORST_FIRST, line_of
from services.discharge.store import tasks
from services.discharge.use_cases.finish_task import finish_task, open_task_again, task_for
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
    return [line_of(task, recovery, zone=zone, now=now) for task, recovery in worst_first]


TODO = todo_page.Todo(
    service="discharge",
    empty="Nothing to do. Emergencies, symptoms that last and missing words on sleep appear here.",
    opened="recovery-tasks-opened",
    outcomes=TaskOutcome,
    lines=lines_of,
    find=task_for,
    finish=lambda uow, task_id, outcome, now: finish_task(uow, task_id, outcome=outcome, note=None, now=now),
    open_again=lambda uow, task_id, now: open_task_again(uow, task_id, now=now),
)
blueprint = todo_page.blueprint(TODO)
