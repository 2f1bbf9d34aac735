"""A replay of everything in every service sends nothing again, pages nobody again and changes no chart."""

from pathlib import Path

from shared.messaging.replays import ReplayState
from tests.support.house import SERVICES, House
from tests.support.scene import Scene
from tests.support.snapshot import contents

# what a replay itself leaves behind
_ITS_OWN = {"replay", "audit_entry", "consumer_minute", "worker_reading"}


def test_two_replays_of_everything_change_nothing_in_any_service(tmp_path: Path) -> None:
    house = House(tmp_path)
    scene = Scene.build(house)
    house.run_workers()
    before = contents(house, without=_ITS_OWN)
    assert before["maintenance.escalation"]
    assert before["integration.prompt"]

    for _ in range(2):
        ordered = []
        for service in SERVICES:
            operator = scene.staff(service, "operations")
            topics = {consumer["topic"] for consumer in operator.get("/standing").get_json()["consumers"]}
            orders = [operator.post("/replays", {"topic": topic}, expect=201) for topic in sorted(topics)]
            ordered += [(operator, order.get_json()) for order in orders]
        house.run_workers()
        for operator, replay in ordered:
            done = operator.get(f"/replays/{replay['replay_id']}").get_json()
            assert (done["state"], done["applied"], done["left"]) == (ReplayState.DONE, 0, 0)
            assert done["read"] == done["duplicates"] + done["parked"]

    assert contents(house, without=_ITS_OWN) == before
    house.close()


def test_a_topic_that_a_service_does_not_consume_is_refused_by_name(tmp_path: Path) -> None:
    house = House(tmp_path)
    operator = house.client("integration", role="operations")
    refused = operator.post("/replays", {"topic": "booster-due"}, expect=422).get_json()
    assert refused["errors"] == [
        {"pointer": "/topic", "detail": "Must be one that integration consumes: discharge-cleared."}
    ]
    for body in ({}, {"topic": "discharge-cleared", "from_offset": 5, "to_offset": 5}, {"topic": "x" * 65}):
        operator.post("/replays", body, expect=422)
    house.close()
