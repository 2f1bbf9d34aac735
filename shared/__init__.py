"""What the four services share: facts about time, sites and messages; never a clinic rule."""
