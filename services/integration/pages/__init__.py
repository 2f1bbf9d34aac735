"""Windows as people at a site see them, and what the patient's page shows of them."""

from services.integration.pages import timeline, window

PAGES = (window.blueprint, timeline.blueprint)
