"""The worker as a whole: what one service commits reaches the next, once and in order."""

from uuid import uuid4

from tests.support.bus import Desk, a_booster_due, run_until_settled


def test_a_committed_fact_reaches_the_next_service(maintenance: Desk, intake: Desk) -> None:
    patient = uuid4()
    maintenance.publish(a_booster_due(patient, revision=1))
    maintenance.publish(a_booster_due(patient, revision=2))
    run_until_settled(maintenance, intake)
    assert intake.noted(patient) == [1, 2]
