"""What a view may ask about the request it serves: who, when, from which sites, in which transaction."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar, cast
from uuid import UUID

from flask import current_app, g, request

from shared.kernel.errors import FieldError, Forbidden, NotFound
from shared.kernel.people import Actor
from shared.store import audit
from shared.store.unit_of_work import UnitOfWork
from shared.web.deps import ServiceDeps

_D = TypeVar("_D", bound=ServiceDeps)

DEPS = "afterglow.deps"
OPENED_BOARDS = "afterglow.boards"


def deps(kind: type[_D]) -> _D:
    """The service's own Deps."""
    found = current_app.extensions[DEPS]
    if not isinstance(found, kind):
        raise TypeError(f"these are not {kind.__module__}'s deps")
    return found


def actor() -> Actor:
    return cast(Actor, g.actor)


def uow() -> UnitOfWork:
    """The transaction this request runs in; the app opened it and commits it when the view ends well."""
    return cast(UnitOfWork, g.uow)


def now() -> datetime:
    """The clinic's present instant: one per request, so that all of an answer is true at one moment."""
    if "now" not in g:
        g.now = deps(ServiceDeps).clock.now()
    return cast(datetime, g.now)


def correlation_id() -> str:
    return cast(str, g.correlation_id)


def requested_sites() -> frozenset[str]:
    """The `?site_id=` asked for, or all of the token's sites; a foreign or unknown one is NotFound."""
    asked = request.args.getlist("site_id")
    if not asked:
        return actor().sites
    for site_id in asked:
        own_site(site_id)
    return frozenset(asked)


def own_site(site_id: str, *, pointer: str = "/site_id") -> str:
    """`site_id` when it is one of the token's and exists; NotFound otherwise, the two not told apart."""
    if site_id not in actor().sites or site_id not in deps(ServiceDeps).sites:
        raise NotFound("There is no such site for you.", fields=[FieldError(pointer, "There is no such site for you.")])
    return site_id


def the_patient() -> UUID:
    """The patient that a portal token is bound to."""
    patient_id = actor().patient_id
    if patient_id is None:
        raise Forbidden("Only a patient’s portal may do this.")
    return patient_id


def audit_read(action: str, *, patient_id: UUID | None, record_id: UUID | str, site_id: str | None) -> None:
    """Enter a chart read. It is committed in a transaction of its own before the answer leaves."""
    at = now()
    g.audit_later.append(
        lambda later: audit.read(later, action, at=at, patient_id=patient_id, record_id=record_id, site_id=site_id)
    )


def open_board(action: str, site_ids: Iterable[str]) -> None:
    """Enter that boards were opened: one row per reader, site and local day; refreshes add none."""
    at = now()
    sites = deps(ServiceDeps).sites
    opened: set[object] = current_app.extensions[OPENED_BOARDS]
    for site_id in sorted(site_ids):
        if site_id not in sites:
            continue
        day = sites[site_id].local_day(at)
        mark = (actor().subject, action, site_id, day)
        if mark in opened:
            continue

        def enter(later: UnitOfWork, site_id: str = site_id) -> None:
            audit.opened_board(later, action, at=at, site_id=site_id, day=sites[site_id].local_day(at))

        g.audit_later.append(enter)
        g.boards_opened.append(mark)
