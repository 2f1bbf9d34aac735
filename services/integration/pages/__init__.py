"""Windows as people at a site see them, and what the patient's page shows of them."""

from services.integration.pages import note, tasks, timeline, window, window_acts, windows

PAGES = (
    windows.blueprint,
    window_acts.blueprint,
    window.blueprint,
    timeline.blueprint,
    tasks.blueprint,
    note.blueprint,
)
