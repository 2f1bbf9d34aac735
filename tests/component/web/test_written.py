"""What an open page of a patient asks each service: was something written? The answer says how often, never what."""

import pytest

from tests.support.desk import Desk
from tests.support.house import SERVICES, House
from tests.support.scene import Scene


@pytest.fixture
def scene(house: House) -> Scene:
    return Scene.build(house)


def _asked(scene: Scene, service: str, *, site: str = "riverside") -> int:
    desk = Desk(scene.house, service, role="nurse", sites=(site,))
    return int(desk.opens(f"/{service}/written?patient_id={scene.ids['patient_id']}").html)


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_counts_its_writes_and_looking_is_none(scene: Scene, service: str) -> None:
    before = _asked(scene, service)
    assert before > 0
    assert _asked(scene, service) == before


def test_a_colleagues_write_is_told_by_the_next_answer(scene: Scene) -> None:
    before = _asked(scene, "maintenance")
    calm = {"patient_id": scene.ids["patient_id"], "instrument": "phq-9", "answers": [0] * 9}
    scene.portal("maintenance").post("/assessments", calm, expect=201)
    assert _asked(scene, "maintenance") > before


@pytest.mark.parametrize("service", SERVICES)
def test_another_sites_reader_learns_nothing(scene: Scene, service: str) -> None:
    assert _asked(scene, service, site="harbor") == 0


def test_nonsense_counts_nothing(scene: Scene) -> None:
    assert Desk(scene.house, "intake", role="nurse").opens("/intake/written?patient_id=x").html == "0"
