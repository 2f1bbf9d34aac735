"""Shapes on the wire: what integration accepts and answers. Rules live in the domain."""

from marshmallow import fields, validate

from services.integration.domain.journal import Practice, Sharing
from services.integration.domain.kap import Attendance, KapPhase, KapState, Modality
from services.integration.domain.prompts import PromptKind, PromptState
from services.integration.domain.step import StepOutcome, StepState
from services.integration.domain.task import TaskKind, TaskOutcome, TaskState
from services.integration.domain.window import WindowPosition, WindowState
from shared.web.fields import Answer, Body, Choice, Flag, Instant, Text, Whole, coded
from shared.web.paging import Asked

LONGEST_TEXT = 20_000
LONGEST_BODY = 2_000
LONGEST_FEELING = 80
MOST_FEELINGS = 20
LONGEST_STEP = 500
LONGEST_APPOINTMENT_MINUTES = 480


class WordsFailMeBody(Body):
    body = Text(LONGEST_BODY, load_default=None, allow_none=True)
    feelings = fields.List(
        Text(LONGEST_FEELING),
        load_default=(),
        validate=validate.Length(max=MOST_FEELINGS, error=f"At most {MOST_FEELINGS}."),
    )


class WordsBody(Body):
    """What a patient says in one edition of a journal."""

    text = Text(LONGEST_TEXT, load_default=None, allow_none=True)
    words_fail_me = fields.Nested(WordsFailMeBody, load_default=None, allow_none=True)
    mood_0_10 = Whole(0, 10, load_default=None, allow_none=True)


class JournalBody(WordsBody):
    patient_id = fields.UUID(required=True)
    session_id = fields.UUID(required=True)
    practice = Choice(Practice, required=True)
    written_at = Instant(load_default=None, allow_none=True)
    # a patient who chooses nothing has shared nothing
    sharing = Choice(Sharing, load_default=Sharing.PRIVATE)
    contact_requested = Flag(load_default=False)


class SharingBody(Body):
    sharing = Choice(Sharing, required=True)


class OfPatientQuery(Asked):
    patient_id = fields.UUID(load_default=None)
    session_id = fields.UUID(load_default=None)


class WindowQuery(Asked):
    state = Choice(WindowState, load_default=None)
    patient_id = fields.UUID(load_default=None)


class TaskQuery(Asked):
    state = Choice(TaskState, load_default=None)
    patient_id = fields.UUID(load_default=None)


class TaskDoneBody(Body):
    outcome = Choice(TaskOutcome, load_default=None, allow_none=True)


class KapAppointmentBody(Body):
    patient_id = fields.UUID(required=True)
    session_id = fields.UUID(load_default=None, allow_none=True)
    site_id = Text(64, load_default=None, allow_none=True)
    phase = Choice(KapPhase, required=True)
    modality = Choice(Modality, load_default=Modality.IN_PERSON)
    starts_at = Instant(required=True)
    duration_minutes = Whole(5, LONGEST_APPOINTMENT_MINUTES, load_default=50)


class NoteBody(Body):
    text = Text(LONGEST_TEXT, required=True)
    follows_edition = Whole(0, 100_000, load_default=0)


class AttendanceBody(Body):
    attendance = Choice(Attendance, required=True)


class ActionStepBody(Body):
    patient_id = fields.UUID(required=True)
    session_id = fields.UUID(required=True)
    text = Text(LONGEST_STEP, required=True)
    # how small a step must be is the domain's rule; here only that it is a number of minutes
    minutes = Whole(0, 1440, required=True)
    sharing = Choice(Sharing, load_default=Sharing.THERAPIST)


class StepOutcomeBody(Body):
    outcome = Choice(StepOutcome, required=True)
    happened_at = Instant(load_default=None, allow_none=True)


class PromptView(Answer):
    kind = coded(PromptKind)
    question = fields.String()
    state = coded(PromptState)
    due_at = Instant()
    sent_at = Instant(allow_none=True)


class JournalCounts(Answer):
    early = fields.Integer()
    in_window = fields.Integer()
    late = fields.Integer()


class WindowView(Answer):
    session_id = fields.UUID()
    patient_id = fields.UUID()
    site_id = fields.String()
    course_id = fields.UUID()
    opens_at = Instant()
    closes_at = Instant()
    state = coded(WindowState)
    withdrawn_at = Instant(allow_none=True)
    time_zone = fields.String()
    prompts = fields.List(fields.Nested(PromptView))
    journals = fields.Nested(JournalCounts)
    administration_ended_at = Instant()
    left_at = Instant()
    restriction_earliest_end_at = Instant()


class WordsFailMeView(Answer):
    body = fields.String(allow_none=True)
    feelings = fields.List(fields.String())


class WordsView(Answer):
    text = fields.String(allow_none=True)
    words_fail_me = fields.Nested(WordsFailMeView, allow_none=True)
    mood_0_10 = fields.Integer(allow_none=True)


class EarlierWordsView(WordsView):
    kept_at = Instant()


class JournalView(WordsView):
    journal_id = fields.UUID()
    session_id = fields.UUID()
    patient_id = fields.UUID()
    site_id = fields.String()
    practice = coded(Practice)
    written_at = Instant()
    submitted_at = Instant()
    window_position = coded(WindowPosition)
    sharing = coded(Sharing)
    contact_requested = fields.Boolean()
    amended_at = Instant(allow_none=True)
    # what stood there before: the patient's own to see, null for staff and in lists
    earlier = fields.List(fields.Nested(EarlierWordsView), allow_none=True)


class KapAppointmentView(Answer):
    appointment_id = fields.UUID()
    patient_id = fields.UUID()
    site_id = fields.String()
    session_id = fields.UUID(allow_none=True)
    phase = coded(KapPhase)
    modality = coded(Modality)
    therapist = fields.String()
    starts_at = Instant()
    duration_minutes = fields.Integer()
    state = coded(KapState)


class ActionStepView(Answer):
    action_step_id = fields.UUID()
    patient_id = fields.UUID()
    site_id = fields.String()
    session_id = fields.UUID()
    text = fields.String()
    minutes = fields.Integer()
    sharing = coded(Sharing)
    state = coded(StepState)
    added_at = Instant()
    happened_at = Instant(allow_none=True)


class TaskView(Answer):
    task_id = fields.UUID()
    kind = coded(TaskKind)
    patient_id = fields.UUID()
    site_id = fields.String()
    session_id = fields.UUID()
    state = coded(TaskState)
    raised_at = Instant()
    done_at = Instant(allow_none=True)
    done_by = fields.String(allow_none=True)
    outcome = coded(TaskOutcome, allow_none=True)


class EarlierNoteView(Answer):
    text = fields.String()
    kept_at = Instant()


class NoteView(Answer):
    """`earlier`: what stood there before, the latest first."""

    note_id = fields.UUID()
    appointment_id = fields.UUID()
    patient_id = fields.UUID()
    site_id = fields.String()
    edition = fields.Integer()
    text = fields.String()
    written_at = Instant()
    amended_at = Instant(allow_none=True)
    earlier = fields.List(fields.Nested(EarlierNoteView))


class WindowPage(Answer):
    items = fields.List(fields.Nested(WindowView))
    next = fields.String(allow_none=True)


class JournalPage(Answer):
    items = fields.List(fields.Nested(JournalView))
    next = fields.String(allow_none=True)


class KapAppointmentPage(Answer):
    items = fields.List(fields.Nested(KapAppointmentView))
    next = fields.String(allow_none=True)


class ActionStepPage(Answer):
    items = fields.List(fields.Nested(ActionStepView))
    next = fields.String(allow_none=True)


class TaskPage(Answer):
    items = fields.List(fields.Nested(TaskView))
    next = fields.String(allow_none=True)
