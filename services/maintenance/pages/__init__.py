"""What the patient's page shows of maintenance, and where prescribers look at what people must look at."""

from services.maintenance.pages import escalations, messages, plan, timeline, trend

PAGES = (escalations.blueprint, plan.blueprint, trend.blueprint, messages.blueprint, timeline.blueprint)
