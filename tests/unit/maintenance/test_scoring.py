"""Questionnaires are scored by the software, item by item, and only when they are whole."""

import pytest

from services.maintenance.domain.instruments import FORMS, Band, Instrument, PclCut
from services.maintenance.domain.policies.scoring import band_of, complaints_about, score

_PHQ, _GAD, _PCL, _QIDS = Instrument.PHQ_9, Instrument.GAD_7, Instrument.PCL_5, Instrument.QIDS_SR16


@pytest.mark.parametrize(
    ("instrument", "total", "band"),
    [
        (_PHQ, 0, Band.MINIMAL),
        (_PHQ, 4, Band.MINIMAL),
        (_PHQ, 5, Band.MILD),
        (_PHQ, 9, Band.MILD),
        (_PHQ, 10, Band.MODERATE),
        (_PHQ, 14, Band.MODERATE),
        (_PHQ, 15, Band.MODERATELY_SEVERE),
        (_PHQ, 19, Band.MODERATELY_SEVERE),
        (_PHQ, 20, Band.SEVERE),
        (_PHQ, 27, Band.SEVERE),
        (_GAD, 4, Band.MINIMAL),
        (_GAD, 5, Band.MILD),
        (_GAD, 9, Band.MILD),
        (_GAD, 10, Band.MODERATE),
        (_GAD, 14, Band.MODERATE),
        (_GAD, 15, Band.SEVERE),
        (_GAD, 21, Band.SEVERE),
        (_QIDS, 5, Band.MINIMAL),
        (_QIDS, 6, Band.MILD),
        (_QIDS, 10, Band.MILD),
        (_QIDS, 11, Band.MODERATE),
        (_QIDS, 15, Band.MODERATE),
        (_QIDS, 16, Band.SEVERE),
        (_QIDS, 27, Band.SEVERE),
        (_PCL, 0, None),
        (_PCL, 80, None),
    ],
)
def test_a_total_falls_into_its_band(instrument: Instrument, total: int, band: Band | None) -> None:
    assert band_of(instrument, total) is band


@pytest.mark.parametrize(
    ("total", "cut"), [(30, PclCut.BELOW), (31, PclCut.WITHIN), (33, PclCut.WITHIN), (34, PclCut.ABOVE)]
)
def test_a_pcl5_total_is_placed_against_its_cut(total: int, cut: PclCut) -> None:
    answers = [4] * (total // 4) + [total % 4]
    scored = score(_PCL, answers + [0] * (20 - len(answers)))
    assert (scored.score, scored.cut, scored.band) == (total, cut, None)


@pytest.mark.parametrize("instrument", list(Instrument))
def test_the_highest_answers_give_the_highest_score(instrument: Instrument) -> None:
    form = FORMS[instrument]
    assert score(instrument, [form.highest_answer] * form.items).score == form.highest_score
    assert score(instrument, [0] * form.items).score == 0


@pytest.mark.parametrize("instrument", list(Instrument))
@pytest.mark.parametrize("missing", [-1, 1])
def test_an_item_too_few_or_too_many_is_refused(instrument: Instrument, missing: int) -> None:
    complaints = complaints_about(instrument, [0] * (FORMS[instrument].items + missing))
    assert [complaint.pointer for complaint in complaints] == ["/answers"]


@pytest.mark.parametrize("instrument", list(Instrument))
def test_each_answer_out_of_range_is_named(instrument: Instrument) -> None:
    form = FORMS[instrument]
    answers = [0] * form.items
    answers[0], answers[-1] = -1, form.highest_answer + 1
    pointers = [complaint.pointer for complaint in complaints_about(instrument, answers)]
    assert pointers == ["/answers/0", f"/answers/{form.items - 1}"]
    with pytest.raises(ValueError, match="complete form"):
        score(instrument, answers)


def test_qids_counts_the_worst_of_sleep_appetite_and_movement() -> None:
    answers = [0] * 16
    answers[0:4] = [1, 3, 2, 0]  # sleep: 3
    answers[5:9] = [2, 0, 1, 0]  # appetite and weight: 2
    answers[14:16] = [0, 1]  # slowed or restless: 1
    assert score(_QIDS, answers).score == 6


@pytest.mark.parametrize("item", [5, 10, 11, 12, 13, 14])
def test_qids_counts_every_other_item_by_itself(item: int) -> None:
    answers = [0] * 16
    answers[item - 1] = 2
    assert score(_QIDS, answers).score == 2


@pytest.mark.parametrize(("instrument", "item"), [(_PHQ, 9), (_QIDS, 12)])
def test_the_item_about_suicide_is_read_from_its_place(instrument: Instrument, item: int) -> None:
    answers = [0] * FORMS[instrument].items
    answers[item - 1] = 2
    assert score(instrument, answers).suicide_answer == 2


@pytest.mark.parametrize("instrument", [_GAD, _PCL])
def test_a_form_without_such_an_item_says_so(instrument: Instrument) -> None:
    assert score(instrument, [1] * FORMS[instrument].items).suicide_answer is None


@pytest.mark.parametrize("instrument", list(Instrument))
def test_the_version_of_the_form_is_kept(instrument: Instrument) -> None:
    form = FORMS[instrument]
    assert score(instrument, [0] * form.items).form_version == form.version
