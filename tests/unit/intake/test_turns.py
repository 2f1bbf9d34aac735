"""Who may follow whom: an act out of turn is refused, never silently ignored."""

import pytest

from services.intake.domain.products import Product, Route, route_of
from services.intake.domain.sessions import Act, SessionState, require_turn
from shared.kernel.errors import WrongState

ALLOWED = {
    (SessionState.BOOKED, Act.CHECK_IN),
    (SessionState.BOOKED, Act.CANCEL),
    (SessionState.BOOKED, Act.MARK_NO_SHOW),
    (SessionState.BOOKED, Act.SET_TRANSPORT),
    (SessionState.ARRIVED, Act.START),
    (SessionState.ARRIVED, Act.CANCEL),
    (SessionState.ARRIVED, Act.SET_TRANSPORT),
    (SessionState.STARTED, Act.COMPLETE),
    (SessionState.STARTED, Act.CANCEL),
    (SessionState.STARTED, Act.SET_TRANSPORT),
    (SessionState.RECOVERING, Act.CORRECT),
    (SessionState.LEFT, Act.CORRECT),
    (SessionState.ARRIVED, Act.UNDO),
    (SessionState.CANCELLED, Act.UNDO),
    (SessionState.NO_SHOW, Act.UNDO),
}


@pytest.mark.parametrize("state", SessionState)
@pytest.mark.parametrize("act", Act)
def test_each_act_has_its_turn(state: SessionState, act: Act) -> None:
    if (state, act) in ALLOWED:
        require_turn(state, act)
        return
    with pytest.raises(WrongState) as refused:
        require_turn(state, act)
    assert refused.value.code == "wrong-state"
    assert state in refused.value.message


@pytest.mark.parametrize(
    ("product", "route"),
    [
        (Product.KETAMINE_IV, Route.INTRAVENOUS),
        (Product.KETAMINE_IM, Route.INTRAMUSCULAR),
        (Product.KETAMINE_ORAL, Route.ORAL),
        (Product.ESKETAMINE_NASAL, Route.NASAL),
    ],
)
def test_the_route_follows_from_the_product(product: Product, route: Route) -> None:
    assert route_of(product) is route
