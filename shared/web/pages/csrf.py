"""Every form carries a secret that another site can't know, masked anew each time it is written out.

Signed in, the secret is a claim of the sign-in cookie, which scripts can't read and only intake can make. Before, on
the sign-in page itself, it is a cookie of its own (a double submit). Masking keeps a compressed page from giving the
secret away by its length.
"""

import base64
import hmac
import secrets

from flask import Request, Response, g
from markupsafe import Markup

from shared.kernel.errors import Forbidden

FIELD = "csrf_token"
HEADER = "X-CSRF-Token"
ANONYMOUS_COOKIE = "afterglow_form"


# in forms that were drawn for everybody (a live board's): a page puts its reader's secret in
UNSIGNED = Markup('<input type="hidden" name="csrf_token" value="">')


def signed(html: str) -> str:
    """`html` with the secret of this request's reader in its forms, so that they also go without script."""
    found = g.get("sign_in")
    if found is None:
        return html
    field = Markup('<input type="hidden" name="csrf_token" value="{}">').format(masked(found.csrf))
    return html.replace(UNSIGNED, field)


def masked(secret: str) -> str:
    plain = secret.encode()
    pad = secrets.token_bytes(len(plain))
    return base64.urlsafe_b64encode(pad + bytes(a ^ b for a, b in zip(pad, plain, strict=True))).decode()


def _unmasked(text: str) -> str:
    try:
        both = base64.urlsafe_b64decode(text.encode())
    except ValueError:
        return ""
    half = len(both) // 2
    return bytes(a ^ b for a, b in zip(both[:half], both[half:], strict=False)).decode(errors="replace")


def check_signed_in(asked: Request, secret: str) -> None:
    """Raises Forbidden `csrf` when neither the form nor the header carries this sign-in's secret."""
    _check(asked, secret)


def check_anonymous(asked: Request) -> None:
    """The same for a form that anybody may send: it must carry what its own page's cookie says."""
    _check(asked, asked.cookies.get(ANONYMOUS_COOKIE, ""))


def anonymous_secret(asked: Request) -> str:
    """The secret for this browser's anonymous forms; `keep_anonymous` sets the cookie of a new one."""
    kept = asked.cookies.get(ANONYMOUS_COOKIE)
    if kept:
        return kept
    g.new_anonymous_secret = secrets.token_urlsafe(24)
    return str(g.new_anonymous_secret)


def keep_anonymous(answer: Response) -> None:
    if "new_anonymous_secret" in g:
        answer.set_cookie(ANONYMOUS_COOKIE, g.new_anonymous_secret, path="/", httponly=True, samesite="Strict")


def _check(asked: Request, secret: str) -> None:
    sent = asked.headers.get(HEADER) or asked.form.get(FIELD, "")
    if not secret or not hmac.compare_digest(_unmasked(sent).encode(), secret.encode()):
        raise Forbidden("This form is no longer good: load the page again, then repeat.", code="csrf")
