"""What today's board says beside a session."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.intake.domain.boosters import PlanWord
from services.intake.domain.policies.board import ChairNow, Light, Waiting, light_of, obstacles_of
from services.intake.domain.policies.transport import TransportRules
from services.intake.domain.sessions import SessionKind, SessionState
from services.intake.domain.transport import Grown, Transport, TransportKind
from shared.kernel.clock import FixedClock
from tests.support.house import MORNING

NOW = FixedClock(MORNING).now()
RULES = TransportRules()
SETTLED = Transport(
    kind=TransportKind.ESCORT,
    name="Joy Okafor",
    phone=None,
    relationship=None,
    grown=Grown.ADULT,
    confirmed_at=NOW - timedelta(hours=1),
    arrives_at=NOW + timedelta(hours=3),
)
READY = Waiting(
    state=SessionState.ARRIVED,
    kind=SessionKind.BOOSTER,
    starts_at=NOW,
    transport=SETTLED,
    booster=None,
    chair=ChairNow.FREE,
    chair_name="R8",
)


@pytest.mark.parametrize(
    ("transport", "light"),
    [
        pytest.param(None, Light.RED, id="nobody named"),
        pytest.param(replace(SETTLED, grown=Grown.MINOR), Light.RED, id="under 18"),
        pytest.param(replace(SETTLED, grown=Grown.NOT_SAID), Light.RED, id="age not said"),
        pytest.param(replace(SETTLED, confirmed_at=NOW - timedelta(days=3)), Light.AMBER, id="confirmed Friday"),
        pytest.param(replace(SETTLED, confirmed_at=None), Light.AMBER, id="no word yet"),
        pytest.param(replace(SETTLED, arrives_at=None), Light.AMBER, id="no arrival time"),
        pytest.param(SETTLED, Light.GREEN, id="settled"),
    ],
)
def test_the_light_on_the_way_home(transport: Transport | None, light: Light) -> None:
    found, reason = light_of(transport, RULES, starts_at=NOW, now=NOW)
    assert found is light
    assert reason.endswith(".")


@pytest.mark.parametrize(
    ("waiting", "codes"),
    [
        pytest.param(READY, [], id="nothing in the way"),
        pytest.param(replace(READY, transport=None), ["transport-missing"], id="nobody named"),
        pytest.param(replace(READY, chair=ChairNow.OCCUPIED), ["chair-occupied"], id="chair not free"),
        pytest.param(replace(READY, booster=PlanWord.HELD), ["on-hold"], id="on hold"),
        pytest.param(replace(READY, transport=replace(SETTLED, arrives_at=None)), ["arrival-unknown"], id="no arrival"),
        pytest.param(
            replace(READY, booster=PlanWord.HELD, transport=None, chair=ChairNow.OCCUPIED),
            ["on-hold", "transport-missing", "chair-occupied"],
            id="everything",
        ),
        pytest.param(replace(READY, state=SessionState.STARTED, booster=PlanWord.HELD), ["on-hold"], id="held since"),
        pytest.param(replace(READY, state=SessionState.STARTED, chair=ChairNow.OCCUPIED), [], id="started"),
        pytest.param(replace(READY, state=SessionState.RECOVERING, transport=None), [], id="dosed"),
        pytest.param(replace(READY, state=SessionState.CANCELLED, transport=None), [], id="cancelled"),
    ],
)
def test_what_is_in_the_way(waiting: Waiting, codes: list[str]) -> None:
    found = obstacles_of(waiting, RULES, now=NOW)
    assert [obstacle.code for obstacle in found] == codes


def test_it_is_said_in_words() -> None:
    (missing,) = obstacles_of(replace(READY, transport=None), RULES, now=NOW)
    assert missing.message.startswith("Can’t start: nobody is named to take the patient home.")
    (chair,) = obstacles_of(replace(READY, chair=ChairNow.OCCUPIED), RULES, now=NOW)
    assert chair.message == "Nurse next, once R8 is free."
