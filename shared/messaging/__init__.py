"""How facts travel: outbox and relay on the way out, fence, inbox and parking on the way in."""
