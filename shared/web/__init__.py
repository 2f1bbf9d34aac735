"""What every HTTP edge needs: errors, access, request context, versions, paging, idempotency, health."""

from shared.web.parsing import install

install()
