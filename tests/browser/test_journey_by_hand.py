"""A day from booking to release in a browser: by mouse, by keyboard alone, and without script."""

import pytest

from tests.browser.conftest import Desk
from tests.e2e.journey import ClockByHttp
from tests.e2e.running import RunningHouse
from tests.support.hands import Hand, Keyboard, Mouse
from tests.support.journey_by_hand import Day


@pytest.mark.parametrize(
    ("hand", "script"),
    [
        pytest.param(Mouse(), "on", id="by mouse"),
        pytest.param(Keyboard(), "on", id="by keyboard alone"),
        pytest.param(Mouse(), "off", id="without script"),
    ],
)
def test_a_patient_is_booked_dosed_watched_and_released(
    house: RunningHouse, desk: Desk, hand: Hand, script: str
) -> None:
    reception = desk("front_desk", house=house, script=script)
    nurse = desk("nurse", house=house, script=script)

    Day(reception, nurse, ClockByHttp(house.origin), hand, family_name="Byhand").is_lived()
