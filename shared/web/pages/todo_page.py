"""The To do page of one service: its routes are the same in each, what they list and end is the service's own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar
from uuid import UUID

from flask import Blueprint, Response

from shared.store.unit_of_work import UnitOfWork
from shared.web import context
from shared.web.deps import ServiceDeps
from shared.web.fields import Body, Choice
from shared.web.pages.asked import asked_id, asked_viewer
from shared.web.pages.forms import Nothing, Typed, attempt, parsed
from shared.web.pages.live import Board, Viewer, hub
from shared.web.pages.page import may, page, zone
from shared.web.pages.section import asked_for_alone
from shared.web.pages.todo import Group, Line, Show, draw

Outcome = TypeVar("Outcome", bound=StrEnum)

# path, and the heading where both stand on one page
_EVERYBODYS = (("/discharge/tasks", "Recovery and the night after"), ("/integration/tasks", "Integration windows"))


@dataclass(frozen=True, slots=True)
class Todo(Generic[Outcome]):
    """One service's tasks. `find` raises NotFound for a stranger's; `opened` is the audit's word for opening it."""

    service: str
    empty: str
    opened: str
    outcomes: type[Outcome]
    lines: Callable[[UnitOfWork, Viewer, datetime], list[Line]]
    find: Callable[[UnitOfWork, UUID], object]
    finish: Callable[[UnitOfWork, UUID, Outcome, datetime], object]
    open_again: Callable[[UnitOfWork, UUID, datetime], object]

    @property
    def path(self) -> str:
        return f"/{self.service}/tasks"

    @property
    def prefix(self) -> str:
        return f"{self.service}-"

    def draw(self, uow: UnitOfWork, viewer: Viewer, now: datetime) -> Board:
        return self._drawn(self.lines(uow, viewer, now), viewer, now)

    def render(self, typed: Typed, *, refused: UUID | None = None) -> Response:
        """The page, or the part of another service's page; `refused` is the task whose form comes back."""
        viewer, now = asked_viewer(Show), context.now()
        after = hub().mark("tasks", viewer)
        lines = self.lines(context.uow(), viewer, now)
        context.open_board(self.opened, {viewer.site_id})
        asked, ended = refused or asked_id("open"), asked_id("done")
        line = next((one for one in lines if one.task_id == asked and one.group is not Group.DONE), None)
        return page(
            "todo_section.html" if asked_for_alone() else "todo.html",
            todo=self,
            title=dict(_EVERYBODYS)[self.path],
            others=[one for one in _EVERYBODYS if one[0] != self.path and may(f"GET {one[0]}", context.actor())],
            board=self._drawn(lines, viewer, now).on_page(),
            after=after,
            show=viewer.choice,
            typed=typed,
            line=line,
            open_id=line.id if line else "",
            done="That is done, in your name." if ended else "",
            undo=f"{self.path}/{ended}/open-again" if ended else "",
        )

    def _drawn(self, lines: list[Line], viewer: Viewer, now: datetime) -> Board:
        where = context.deps(ServiceDeps).sites[viewer.site_id].zone
        return draw(self.path, lines, viewer, empty=self.empty, prefix=self.prefix, zone=where, now=now)


def blueprint(todo: Todo[Outcome]) -> Blueprint:
    made = Blueprint("todo", __name__)
    ending = Body.from_dict({"outcome": Choice(todo.outcomes, required=True)})

    @made.get("/tasks")
    def show() -> Response:
        return todo.render(Typed())

    @made.get("/tasks/live")
    def live() -> Response:
        return hub().stream("tasks", asked_viewer(Show), todo.draw)

    @made.post("/tasks/<uuid:task_id>/done")
    def done(task_id: UUID) -> Response:
        todo.find(context.uow(), task_id)

        def act() -> str:
            outcome = parsed(ending, zone=zone(), now=context.now())["outcome"]
            todo.finish(context.uow(), task_id, outcome, context.now())
            return f"{todo.path}?done={task_id}"

        return attempt(act, again=lambda typed: todo.render(typed, refused=task_id))

    @made.post("/tasks/<uuid:task_id>/open-again")
    def open_again(task_id: UUID) -> Response:
        todo.find(context.uow(), task_id)

        def act() -> str:
            parsed(Nothing, zone=zone(), now=context.now())
            todo.open_again(context.uow(), task_id, context.now())
            return todo.path

        return attempt(act, again=todo.render)

    return made
