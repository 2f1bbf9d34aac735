"""What the patient's page shows of maintenance, and where prescribers look at what people must look at."""

from services.maintenance.pages import messages, plan, timeline, trend

PAGES = (plan.blueprint, trend.blueprint, messages.blueprint, timeline.blueprint)
