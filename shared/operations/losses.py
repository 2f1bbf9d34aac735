"""What a clinic loses when an event is given up: said before anybody may do it."""

_LOSSES = {
    ("discharge", "session-completed"): (
        "Discharge never sees this session or this correction of it. If it is the first word of a session, nobody "
        "watches its recovery: chart it by hand."
    ),
    ("maintenance", "session-completed"): (
        "Maintenance never counts this session or this correction of it: plan and interval go on without it."
    ),
    ("integration", "discharge-cleared"): (
        "Integration never sees this leaving or this correction of it: no window opens, no prompt is sent."
    ),
    ("intake", "discharge-cleared"): (
        "Intake never learns that this patient left: the session stays “recovering” on Today."
    ),
    ("maintenance", "journal-submitted"): "Maintenance never counts this journal, nor a wish for contact in it.",
    ("intake", "booster-due"): (
        "The desk’s list never learns of this change: the patient may be called too early, too late or not at all."
    ),
}


def loss(consumer: str, topic: str) -> str:
    """One or two sentences for whoever is about to give an event up. Raises KeyError for a topic nobody consumes."""
    return _LOSSES[consumer, topic]
