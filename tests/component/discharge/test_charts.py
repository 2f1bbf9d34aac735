"""Charts that boards read once and keep: what is kept is what stands, whoever changed it and however."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from services.discharge.domain.recovery import Recovery
from services.discharge.store.charts import charts_of
from services.discharge.store.tables import RecoveryRow
from shared.kernel.people import the_service
from shared.store.unit_of_work import UnitOfWork
from tests.component.discharge.conftest import Stay
from tests.support.statements import statements


def chart(stay: Stay, *, read_only: bool = True) -> Recovery:
    engine = stay.house.service("discharge").deps.engine
    with UnitOfWork(engine, actor=the_service("discharge"), correlation_id="", read_only=read_only) as uow:
        row = uow.session.scalars(select(RecoveryRow).where(RecoveryRow.session_id == stay.session_id)).one()
        [found] = charts_of(uow.session, [row])
    return found


CHANGES: dict[str, Callable[[Stay], Any]] = {
    "an observation": lambda stay: stay.observe(systolic_mmhg=131),
    "an observation that was written down later": lambda stay: stay.observe(observed_at=stay.at(1).isoformat()),
    "an emergency": lambda stay: stay.observe(systolic_mmhg=180),
    "a way home": lambda stay: stay.staff().put(f"{stay.path}/transport", stay.escort()),
    "instructions": lambda stay: stay.staff().put(
        f"{stay.path}/instructions", {"patient_acknowledged": True, "escort_acknowledged": False}
    ),
    "a suicide-risk check": lambda stay: stay.staff().put(f"{stay.path}/suicide-risk-check", {"outcome": "no-concern"}),
    "a corrected session": lambda stay: stay.is_told(stay.completed(revision=2, baseline_systolic_mmhg=140)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_kept_chart_knows_every_change_at_the_same_instant(stay: Stay, change: Callable[[Stay], Any]) -> None:
    """The clock stands still: only the version says that anything happened."""
    stay.move_to(5)
    before = chart(stay)
    change(stay)
    assert chart(stay) == chart(stay, read_only=False) != before


def test_an_acknowledged_emergency_is_known_at_once(stay: Stay) -> None:
    stay.observe(systolic_mmhg=180)
    before = chart(stay)
    stay.staff("prescriber").post(f"{stay.path}/acknowledgements", expect=200)
    assert chart(stay) == chart(stay, read_only=False) != before


def test_a_chart_is_read_once_for_as_long_as_it_stands(stay: Stay) -> None:
    stay.observe()
    chart(stay)
    with statements(stay.house.service("discharge").deps.engine) as seen:
        assert chart(stay).observations
    assert not [statement for statement in seen if "FROM observation" in statement]


def test_what_was_never_committed_is_kept_for_nobody(stay: Stay) -> None:
    """Two changes after each other may bear the same version, when the first one is undone."""
    running = stay.house.service("discharge")
    with running.unit_of_work() as uow:
        row = uow.session.get_one(RecoveryRow, stay.session_id)
        row.baseline_systolic_mmhg = 199
        uow.session.flush()
        [undone] = charts_of(uow.session, [row])
        uow.rollback()
    stay.staff().put(f"{stay.path}/instructions", {"patient_acknowledged": True, "escort_acknowledged": True})
    assert undone.baseline.pressure.systolic_mmhg == 199
    assert chart(stay).baseline.pressure.systolic_mmhg == 120
