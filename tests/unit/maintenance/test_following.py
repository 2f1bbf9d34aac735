"""Following a patient's facts: the worked examples, holds, relapse, corrections."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.maintenance.domain.escalations import EscalationKind
from services.maintenance.domain.facts import Indication, Schedule
from services.maintenance.domain.plan import PlanState
from services.maintenance.domain.policies.following import sessions_done
from services.maintenance.domain.policies.ladder import ReviewReason, Verdict
from tests.unit.maintenance.story import FIRST_DOSE, Story, day


def a_responder(first: int = 4, baseline: int = 18) -> Story:
    """B 18; one planned session on day 0, with a score of 4 just after it: first interval 42 days."""
    story = Story()
    story.scores(baseline, day=-1)
    story.induction(day=0)
    story.scores(first, day=0.1)
    return story


def boosted(story: Story, *, day: int, s: int, item_9: int = 0) -> None:
    """The patient is scored on the day of the booster, just before it."""
    story.scores(s, day=day - 0.1, item_9=item_9)
    story.booster(day=day)


WORKED_EXAMPLES = [
    # (scores at boosters so far, interval before), the booster's score → interval, rule
    pytest.param([], 4, 56, 6, "rule 6: PHQ-9 4 of baseline 18, lowest 4: 42 → 56 days", id="s 4 at 42 d → 56"),
    pytest.param([4], 8, 56, 5, "rule 5: PHQ-9 8 of baseline 18, lowest 4: 56 → 56 days", id="s 8 at 56 stays 56"),
    pytest.param([4], 9, 42, 4, "rule 4: PHQ-9 9 of baseline 18, lowest 4: 56 → 42 days", id="s 9 at 56 → 42"),
    pytest.param(
        [4],
        13,
        28,
        3,
        "rule 3: PHQ-9 13 of baseline 18, lowest 4: 28 → 28 days, review within 7 days",
        id="s 13 → 28 and review",
    ),
    pytest.param([4, 4, 4], 4, 90, 6, "rule 6: PHQ-9 4 of baseline 18, lowest 4: 84 → 90 days", id="84 → 90"),
    pytest.param([9], 9, 28, 4, "rule 4: PHQ-9 9 of baseline 18, lowest 4: 28 → 28 days", id="28 shortened → 28"),
]


@pytest.mark.parametrize(("earlier", "s", "days", "rule", "explanation"), WORKED_EXAMPLES)
def test_the_worked_examples(earlier: list[int], s: int, days: int, rule: int, explanation: str) -> None:
    story = a_responder()
    for place, score in enumerate(earlier):
        boosted(story, day=100 * (place + 1), s=score)
    boosted(story, day=1000, s=s)
    standing = story.standing()
    assert standing.step is not None
    assert (standing.days, standing.step.rule, standing.explanation) == (days, rule, explanation)


def test_13_is_worsening_and_12_nine_days_later_is_relapse() -> None:
    story = a_responder()
    boosted(story, day=42, s=4)
    story.scores(13, day=60)
    worse = story.plan(day=60)
    assert (worse.state, worse.interval_days, worse.rule) == (PlanState.REVIEW, 28, 3)
    assert worse.explanation == "rule 3: PHQ-9 13 of baseline 18, lowest 4: 56 → 28 days, review within 7 days"
    story.scores(12, day=69)
    standing = story.standing()
    assert standing.step is not None
    assert standing.step.verdict is Verdict.RELAPSE
    assert [alert.kind for alert in standing.alerts] == [EscalationKind.WORSENING_REVIEW, EscalationKind.RELAPSE]


@pytest.mark.parametrize(
    ("after", "verdict"),
    [
        pytest.param(4.99, Verdict.WORSENING, id="just below 5 days"),
        pytest.param(5, Verdict.RELAPSE, id="exactly 5 days"),
        pytest.param(9, Verdict.RELAPSE, id="9 days"),
        pytest.param(15, Verdict.RELAPSE, id="exactly 15 days"),
        pytest.param(15.01, Verdict.WORSENING, id="just above 15 days"),
    ],
)
def test_relapse_is_worsening_again_within_its_days(after: float, verdict: Verdict) -> None:
    story = a_responder()
    story.scores(13, day=10)
    story.scores(12, day=10 + after)
    step = story.standing().step
    assert step is not None
    assert step.verdict is verdict


def test_the_interval_counts_from_the_last_session_on_the_sites_calendar() -> None:
    plan = a_responder().plan(day=1)
    assert (plan.state, plan.cycle, plan.interval_days, plan.due_on) == (PlanState.ACTIVE, 1, 42, day(42))


def test_before_the_last_planned_session_there_is_no_interval() -> None:
    story = Story(planned=3)
    story.scores(18, day=-1)
    story.induction(day=0)
    story.induction(day=3)
    story.scores(4, day=4)
    plan = story.plan(day=4)
    assert (plan.state, plan.interval_days, plan.due_on) == (PlanState.INDUCTION, None, None)
    story.induction(day=6)
    assert story.plan(day=6).interval_days == 42


def test_without_a_score_a_prescriber_decides_until_one_comes() -> None:
    story = Story()
    story.scores(18, day=-1)
    story.induction(day=0)
    waiting = story.plan(day=0)
    assert (waiting.state, waiting.interval_days) == (PlanState.REVIEW, None)
    assert story.standing().alerts == (), "a score usually follows within days"
    assert story.standing().awaits_score_since == FIRST_DOSE
    story.scores(12, day=3)
    assert story.plan(day=3).state is PlanState.REVIEW
    assert [alert.kind for alert in story.standing().alerts] == [EscalationKind.PRESCRIBER_REVIEW]
    assert story.standing().awaits_score_since is None
    story.scores(9, day=6)
    plan = story.plan(day=6)
    assert (plan.state, plan.interval_days, plan.due_on) == (PlanState.ACTIVE, 28, day(28))


def test_once_the_first_interval_is_set_a_better_score_waits_for_the_next_booster() -> None:
    story = a_responder(first=9)
    story.scores(2, day=10)
    assert story.plan(day=10).interval_days == 28


def test_a_worse_score_below_rule_3_waits_for_the_next_booster() -> None:
    story = a_responder()
    story.scores(9, day=10)
    assert story.plan(day=10).interval_days == 42


def test_the_ladder_runs_once_for_each_booster() -> None:
    story = a_responder()
    boosted(story, day=42, s=4)
    for later in (43, 50, 60):
        story.scores(4, day=later)
    plan = story.plan(day=60)
    assert (plan.cycle, plan.interval_days, plan.due_on) == (2, 56, day(42 + 56))


def test_a_stale_score_keeps_the_interval_and_says_so() -> None:
    story = a_responder()
    story.scores(4, day=20)
    story.booster(day=42)
    plan = story.plan(day=42)
    assert (plan.interval_days, plan.rule) == (42, 2)
    assert "stale" in plan.explanation


def test_item_9_holds_until_a_person_resolves_it() -> None:
    story = a_responder()
    risky = story.scores(6, day=10, item_9=2)
    held = story.plan(day=10)
    assert (held.state, held.rule) == (PlanState.HOLD, 1)
    story.scores(2, day=20)
    assert story.plan(day=20).state is PlanState.HOLD, "a better score doesn't end a hold"
    story.resolves(risky, day=21)
    plan = story.plan(day=21)
    assert (plan.state, plan.interval_days, plan.due_on) == (PlanState.ACTIVE, 42, day(42))


@pytest.mark.parametrize(("item_9", "state"), [(0, PlanState.ACTIVE), (1, PlanState.ACTIVE), (2, PlanState.HOLD)])
def test_only_2_and_more_hold(item_9: int, state: PlanState) -> None:
    story = a_responder()
    story.scores(6, day=10, item_9=item_9)
    assert story.plan(day=10).state is state


def test_two_holds_need_two_resolutions() -> None:
    story = a_responder()
    first, second = story.scores(6, day=10, item_9=2), story.scores(6, day=11, item_9=3)
    story.resolves(second, day=12)
    assert story.plan(day=12).state is PlanState.HOLD
    story.resolves(first, day=13)
    assert story.plan(day=13).state is PlanState.ACTIVE


def test_a_booster_given_on_hold_is_judged_when_the_hold_ends() -> None:
    story = a_responder()
    risky = story.scores(4, day=41, item_9=2)
    story.booster(day=42)
    assert story.plan(day=42).state is PlanState.HOLD
    story.resolves(risky, day=43)
    plan = story.plan(day=43)
    assert (plan.rule, plan.interval_days, plan.cycle) == (5, 42, 2), "a resolved 2 weighs no less than a 1"


def test_the_first_interval_waits_for_the_hold_to_end() -> None:
    story = Story()
    story.scores(18, day=-1)
    risky = story.scores(4, day=-0.5, item_9=2)
    story.induction(day=0)
    story.scores(4, day=1)
    assert (story.plan(day=1).state, story.plan(day=1).interval_days) == (PlanState.HOLD, None)
    story.resolves(risky, day=2)
    assert story.plan(day=2).interval_days == 42


def test_a_hold_between_boosters_looks_at_rule_3_when_it_ends() -> None:
    story = a_responder()
    risky = story.scores(14, day=10, item_9=2)
    assert story.standing().days == 42
    story.resolves(risky, day=11)
    plan = story.plan(day=11)
    assert (plan.state, plan.rule, plan.interval_days) == (PlanState.REVIEW, 3, 28)


def test_a_hold_starts_even_before_the_first_session() -> None:
    story = Story(planned=6)
    story.scores(20, day=-1, item_9=3)
    assert story.plan(day=-1).state is PlanState.HOLD


def test_a_score_that_was_judged_already_is_not_judged_again_when_a_hold_ends() -> None:
    story = a_responder()
    story.scores(13, day=10)
    risky = story.scores(6, day=10.5, taken_day=9.9, item_9=2)
    story.resolves(risky, day=11)
    assert story.plan(day=11).explanation.endswith("42 → 28 days, review within 7 days")


def test_an_extra_session_moves_the_due_day_and_no_more() -> None:
    story = a_responder()
    story.induction(day=5)
    plan = story.plan(day=5)
    assert (plan.cycle, plan.interval_days, plan.rule, plan.due_on) == (1, 42, None, day(47))


def test_a_booster_for_a_cycle_that_we_have_lost_sight_of_closes_all_up_to_it() -> None:
    story = a_responder()
    story.booster(day=42, cycle=3)
    assert story.plan(day=42).cycle == 4


def test_a_session_done_again_after_an_error_keeps_its_number() -> None:
    story = Story(planned=2)
    mistaken = story.induction(day=0)
    story.in_error(mistaken)
    # two missed before it: the number says 3, once in error and once right
    wrong = replace(story.course.sessions[0], number=3)
    assert sessions_done([wrong, replace(wrong, stands=True)]) == 3


def test_the_ladder_goes_on_from_an_override_when_it_had_no_interval_of_its_own() -> None:
    story = a_responder(first=12)
    assert story.plan(day=1).state is PlanState.REVIEW
    story.overrides(35, until_day=60)
    boosted(story, day=35, s=12)
    plan = story.plan(day=61)
    assert (plan.interval_days, plan.rule) == (28, 4), "35 shortened by 14 is 28"


def test_a_reviewed_worsening_lets_the_plan_go_on() -> None:
    story = a_responder()
    story.scores(13, day=10)
    assert story.plan(day=10).state is PlanState.REVIEW
    reviewed = story.plan(day=12, unresolved=frozenset())
    assert (reviewed.state, reviewed.interval_days) == (PlanState.ACTIVE, 28)


def test_esketamine_refuses_ladder_intervals() -> None:
    story = Story(schedule=Schedule.OWN_LABEL)
    story.scores(18, day=-1)
    story.induction(day=0)
    story.scores(4, day=1)
    plan, standing = story.plan(day=1), story.standing()
    assert (plan.state, plan.interval_days, plan.due_on) == (PlanState.REVIEW, None, None)
    assert "own label schedule" in plan.explanation
    assert standing.step is not None
    assert standing.step.reason is ReviewReason.OWN_LABEL_SCHEDULE
    story.overrides(35, until_day=100)
    assert story.plan(day=2).interval_days is None


def test_a_course_without_an_indication_goes_to_a_prescriber() -> None:
    story = Story(indication=Indication.MISSING)
    story.scores(18, day=-1)
    story.induction(day=0)
    story.scores(4, day=1)
    assert story.plan(day=1).state is PlanState.REVIEW
    story.overrides(35, until_day=100)
    assert (story.plan(day=2).state, story.plan(day=2).interval_days) == (PlanState.ACTIVE, 35)


def test_an_override_holds_up_to_and_including_its_last_day() -> None:
    story = a_responder()
    story.overrides(60, until_day=30)
    assert [story.plan(day=d).interval_days for d in (29, 30, 31)] == [60, 60, 42]


def test_an_override_never_ends_a_hold() -> None:
    story = a_responder()
    story.scores(6, day=10, item_9=2)
    story.overrides(35, until_day=100)
    assert (story.plan(day=11).state, story.plan(day=11).rule) == (PlanState.HOLD, 1)


def test_the_latest_override_counts() -> None:
    story = a_responder()
    story.overrides(60, until_day=100)
    story.overrides(35, until_day=50)
    assert [story.plan(day=d).interval_days for d in (50, 51)] == [35, 60]


def test_a_booster_entered_in_error_never_happened() -> None:
    story = a_responder()
    boosted(story, day=42, s=4)
    mistaken = story.booster(day=43)
    assert story.plan(day=43).cycle == 3
    story.in_error(mistaken)
    plan = story.plan(day=43)
    assert (plan.cycle, plan.interval_days, plan.due_on) == (2, 56, day(42 + 56))


def test_the_last_planned_session_entered_in_error_takes_the_plan_back_to_induction() -> None:
    story = Story(planned=2)
    story.scores(18, day=-1)
    story.induction(day=0)
    mistaken = story.induction(day=3)
    story.scores(4, day=4)
    assert story.plan(day=4).interval_days == 42
    story.in_error(mistaken)
    assert (story.plan(day=4).state, story.plan(day=4).interval_days) == (PlanState.INDUCTION, None)


def test_a_first_session_entered_in_error_moves_the_baseline() -> None:
    story = Story()
    mistaken = story.induction(day=0)
    story.scores(18, day=1)
    story.induction(day=2)
    story.scores(4, day=3)
    story.in_error(mistaken)
    assert "of baseline 18, lowest 4" in story.plan(day=3).explanation


def test_fewer_planned_sessions_make_the_last_one_given_the_last_planned() -> None:
    story = Story(planned=6)
    story.scores(18, day=-1)
    story.induction(day=0)
    story.induction(day=3)
    story.scores(4, day=4)
    assert story.plan(day=5).state is PlanState.INDUCTION
    story.replanned(2)
    plan = story.plan(day=5)
    assert (plan.interval_days, plan.due_on) == (42, day(3 + 42))
    story.replanned(3)
    assert story.plan(day=5).state is PlanState.INDUCTION


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_numbers_count_sessions_that_we_never_heard_of(order: tuple[int, ...]) -> None:
    story = Story(planned=6)
    for place in range(3):
        story.induction(day=place)
    sessions = [
        replace(session, number=number) for session, number in zip(story.course.sessions, (2, 4, 6), strict=True)
    ]
    shuffled = [sessions[place] for place in order]
    assert sessions_done(shuffled) == 6
    first_in_error = [replace(s, stands=False) if s.number == 2 else s for s in shuffled]
    assert sessions_done(first_in_error) == 5


_MOMENTS = st.lists(
    st.tuples(
        st.sampled_from(["score", "risky-score", "booster", "resolve", "late-score"]),
        st.integers(0, 27),
        st.floats(0.5, 40, allow_nan=False),
    ),
    max_size=25,
)


@given(_MOMENTS)
def test_whatever_happens_the_ladder_stays_between_28_and_90_and_never_extends_on_stale_scores(
    moments: list[tuple[str, int, float]],
) -> None:
    story = a_responder()
    at, risky = 1.0, []
    for what, number, days in moments:
        at += days
        before = story.standing()
        match what:
            case "score":
                story.scores(number, day=at)
            case "late-score":
                story.scores(number, day=at, taken_day=at - 1)
            case "risky-score":
                risky.append(story.scores(number, day=at, item_9=2))
            case "resolve" if risky:
                story.resolves(risky.pop(), day=at)
            case _:
                fresh = [
                    s for s in story.course.scores if (at - (s.taken_at - FIRST_DOSE).total_seconds() / 86400) <= 14
                ]
                story.booster(day=at)
                after = story.standing()
                if not fresh and before.days is not None and after.days is not None:
                    assert after.days <= before.days
        standing = story.standing()
        assert standing.days is None or 28 <= standing.days <= 90
        assert standing.held is bool(risky)
        if what in {"score", "late-score", "risky-score"} and before.days is not None and standing.days is not None:
            assert standing.days <= before.days, "a score between boosters never extends"
