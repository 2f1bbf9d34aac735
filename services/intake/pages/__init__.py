"""What the front desk works in."""

from services.intake.pages import (
    audit,
    booking,
    booster_acts,
    boosters,
    demo_clock,
    operations,
    patient,
    sign_in,
    today,
    today_acts,
)

PAGES = (
    sign_in.blueprint,
    demo_clock.blueprint,
    today.blueprint,
    today_acts.blueprint,
    booking.blueprint,
    boosters.blueprint,
    booster_acts.blueprint,
    patient.blueprint,
    audit.blueprint,
    operations.blueprint,
)
