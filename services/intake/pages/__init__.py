"""What the front desk works in."""

from services.intake.pages import demo_clock, sign_in

PAGES = (sign_in.blueprint, demo_clock.blueprint)
