"""A service of one small table, on the real edge: what shared/web promises is tested here once, for all four.

A cup belongs to a patient and a site. `tiny.boom` is what `POST /boom` does, inside the view and its transaction.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask_smorest import Blueprint
from marshmallow import fields
from sqlalchemy import func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from werkzeug.test import TestResponse

from shared.kernel.clock import FixedClock
from shared.kernel.errors import NotFound
from shared.kernel.ids import new_id
from shared.kernel.people import Actor, Role
from shared.kernel.sites import Sites
from shared.launch.keys import ensure_demo_keys
from shared.launch.settings import DEMO_SITES
from shared.store import audit
from shared.store.base import COLUMN_TYPES, new_metadata, shared_metadata
from shared.store.engine import open_engine
from shared.store.sealing import Sealer
from shared.web import access, context
from shared.web.access import Access, Binding
from shared.web.app import ServiceApp, build_app
from shared.web.deps import ServiceDeps
from shared.web.fields import Answer, Body, Instant, Text, Whole
from shared.web.paging import Asked, in_order, page
from shared.web.tokens import PublicKeys, sign
from shared.web.versions import conditional, created, require_match, versioned

NOON = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
_NURSES = frozenset({Role.NURSE})
_READERS = frozenset({Role.NURSE, Role.PORTAL})
ROUTES = {
    "POST /tiny/v1/cups": Access(_NURSES),
    "GET /tiny/v1/cups": Access(_NURSES, Binding.SITE),
    "GET /tiny/v1/cups/{cup_id}": Access(_READERS),
    "PUT /tiny/v1/cups/{cup_id}/level": Access(_NURSES),
    "GET /tiny/v1/cups/{cup_id}/poll": Access(_READERS),
    "POST /tiny/v1/boom": Access(_READERS),
}


class Base(DeclarativeBase):
    metadata = new_metadata()
    type_annotation_map = COLUMN_TYPES


class CupRow(Base):
    __tablename__ = "cup"
    cup_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID]
    site_id: Mapped[str]
    note: Mapped[str] = mapped_column(unique=True)
    level: Mapped[int]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own spelling


class Spoon(Body):
    grade = Whole(0, 3, required=True)


class NewCup(Body):
    note = Text(20, required=True)
    level = Whole(0, 10, required=True)
    filled_at = Instant(load_default=None)
    spoon = fields.Nested(Spoon, load_default=None)
    spoons = fields.List(fields.Nested(Spoon), load_default=())


class Level(Body):
    level = Whole(0, 10, required=True)


class CupView(Answer):
    cup_id = fields.UUID()
    note = fields.String()
    level = fields.Integer()
    updated_at = Instant()


class CupPage(Answer):
    items = fields.List(fields.Nested(CupView))
    next = fields.String(allow_none=True)


class Tiny:
    """The app on its own store; `url` names another store than a SQLite file in `folder`."""

    def __init__(self, folder: Path, *, url: str | None = None) -> None:
        access._BY_SERVICE["tiny"] = ROUTES
        self.folder = folder
        self.url = url or f"sqlite:///{folder}/tiny.db"
        self.signing = ensure_demo_keys(folder / "keys")
        self.engine = open_engine(self.url)
        Base.metadata.create_all(self.engine)
        shared_metadata.create_all(self.engine)
        self.clock = FixedClock(NOON)
        self.boom: Callable[[], Any] = lambda: {"calm": True}
        self.app = self.another_app()

    def another_app(self) -> ServiceApp:
        """The same service in another process, as far as memory goes."""
        deps = ServiceDeps(
            service="tiny",
            engine=open_engine(self.url),
            clock=self.clock,
            sites=Sites.from_file(DEMO_SITES),
            public_keys=PublicKeys(str(self.folder / "keys" / "public.json")),
            sealer=Sealer.from_text(Sealer.new_key_text("test")),
        )
        return build_app(deps, [self._blueprint()], title="Tiny")

    def token(
        self,
        role: str = "nurse",
        *,
        sites: tuple[str, ...] = ("riverside",),
        patient: UUID | None = None,
        subject: str = "nina",
        lasts: timedelta | None = None,
        key: Ed25519PrivateKey | None = None,
        key_id: str | None = None,
    ) -> str:
        actor = Actor(subject, "Nina", frozenset({Role(role)}), frozenset(sites), patient)
        return sign(actor, key or self.signing.key, key_id or self.signing.key_id, lasts=lasts)

    def call(
        self, method: str, path: str, *, token: str | None = None, app: ServiceApp | None = None, **kwargs: Any
    ) -> TestResponse:
        """`token` "" sends none; None sends a nurse's."""
        bearer = self.token() if token is None else token
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        headers |= kwargs.pop("headers", {})
        return (app or self.app).test_client().open(f"/tiny/v1{path}", method=method, headers=headers, **kwargs)

    def new_cup(self, note: str, *, level: int = 1, **kwargs: Any) -> TestResponse:
        return self.call("POST", "/cups", json={"note": note, "level": level}, **kwargs)

    def cups(self) -> int:
        with self.engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(CupRow)).scalar_one()

    def audit_rows(self) -> list[dict[str, Any]]:
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(select(audit.audit_entry)).mappings()]

    def close(self) -> None:
        self.app.deps.engine.dispose()
        self.engine.dispose()

    def _blueprint(self) -> Blueprint:
        made = Blueprint("cups", __name__, description="Cups.")

        @made.route("/cups", methods=["POST"])
        @made.arguments(NewCup)
        @made.response(201, CupView)
        def fill(body: dict[str, Any]) -> Any:
            """Fill a cup."""
            row = CupRow(
                cup_id=new_id(),
                patient_id=new_id(),
                site_id="riverside",
                note=body["note"],
                level=body["level"],
                updated_at=context.now(),
            )
            context.uow().session.add(row)
            context.uow().session.flush()
            audit.wrote(
                context.uow(),
                "cup-filled",
                at=context.now(),
                patient_id=row.patient_id,
                record_id=row.cup_id,
                site_id=row.site_id,
            )
            return created(row, row.version)

        @made.route("/cups", methods=["GET"])
        @made.arguments(Asked, location="query")
        @made.response(200, CupPage)
        def list_cups(query: dict[str, Any]) -> Any:
            """The board of cups."""
            sites = context.requested_sites()
            context.open_board("cups-opened", sites)
            asked = select(CupRow).where(CupRow.site_id.in_(sites))
            ordered = in_order(asked, query, updated_at=CupRow.updated_at, record_id=CupRow.cup_id)
            rows = context.uow().session.execute(ordered).scalars().all()
            return page(rows, query, place=lambda r: (r.updated_at, r.cup_id), view=vars)

        @made.route("/cups/<uuid:cup_id>", methods=["GET"])
        @made.response(200, CupView)
        def read_cup(cup_id: UUID) -> Any:
            """One cup."""
            row = _visible(cup_id)
            context.audit_read("cup-read", patient_id=row.patient_id, record_id=cup_id, site_id=row.site_id)
            return versioned(row, row.version)

        @made.route("/cups/<uuid:cup_id>/level", methods=["PUT"])
        @made.arguments(Level)
        @made.response(200, CupView)
        def refill(body: dict[str, Any], cup_id: UUID) -> Any:
            """Change a cup's level."""
            row = _visible(cup_id)
            require_match(row.version)
            row.level, row.updated_at = body["level"], context.now()
            context.uow().session.flush()
            return versioned(row, row.version)

        @made.route("/cups/<uuid:cup_id>/poll", methods=["GET"])
        @made.response(200, CupView)
        def poll(cup_id: UUID) -> Any:
            """One cup, for whoever asks again and again."""
            return conditional(CupView().dump(_visible(cup_id)))

        @made.route("/boom", methods=["POST"])
        @made.response(200)
        def boom() -> Any:
            """Whatever the test wants."""
            return self.boom()

        return made


def _visible(cup_id: UUID) -> CupRow:
    row = context.uow().session.get(CupRow, cup_id)
    if row is None or not context.actor().may_see(patient_id=row.patient_id, sites={row.site_id}):
        raise NotFound("There is no such cup.")
    return row
