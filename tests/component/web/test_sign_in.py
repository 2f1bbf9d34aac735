"""Who sits at the browser: signed in by intake, read by all four, out when it should be."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Response
from werkzeug.test import Client as Browser

from shared.kernel.people import Actor, Role
from shared.web.pages import csrf, sign_in
from shared.web.tokens import sign
from tests.support.desk import Desk
from tests.support.house import SERVICES, House


def browser(house: House, service: str = "intake") -> Browser:
    return house.service(service).app.test_client()


def chosen(client: Browser, **changes: str) -> Response:
    """Sign in as a person would: open the page, choose, send."""
    form = client.get("/intake/sign-in")
    secret = client.get_cookie(csrf.ANONYMOUS_COOKIE)
    assert form.status_code == 200
    assert secret is not None
    body = {"role": "nurse", "site_id": "riverside", csrf.FIELD: csrf.masked(secret.value)}
    return client.post("/intake/sign-in", data=body | changes)


def test_choosing_a_role_and_a_site_leads_to_the_page_one_works_in(house: House) -> None:
    client = browser(house)
    answer = chosen(client, role="front_desk")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/intake/today")
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith(sign_in.COOKIE))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Max-Age=900" in cookie
    assert "S. Lund" in client.get("/intake/today").get_data(as_text=True)


def test_afterwards_one_is_where_one_wanted_to_go_but_never_at_another_origin(house: House) -> None:
    assert chosen(browser(house), next="/intake/booking").headers["Location"] == "/intake/booking"
    for elsewhere in ("https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)", "/a\nb"):
        assert chosen(browser(house), next=elsewhere).headers["Location"] == "/discharge/recovery"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"role": "king"}, "Choose one of the roles."),
        ({"site_id": "moon"}, "Choose one of the sites."),
        ({"role": ""}, "Choose who you are."),
    ],
)
def test_a_choice_that_isnt_one_is_refused_beside_its_field(house: House, changes: dict[str, str], said: str) -> None:
    answer = chosen(browser(house), **changes)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert sign_in.COOKIE not in str(answer.headers)


def test_the_sign_in_form_of_another_site_is_refused(house: House) -> None:
    client = browser(house)
    client.get("/intake/sign-in")
    assert client.post("/intake/sign-in", data={"role": "nurse", "site_id": "riverside"}).status_code == 403
    forged = csrf.masked("somebody-elses")
    answer = client.post("/intake/sign-in", data={"role": "nurse", "site_id": "riverside", csrf.FIELD: forged})
    assert answer.status_code == 403


@pytest.mark.parametrize("service", SERVICES)
def test_all_four_services_read_the_cookie_and_demand_the_secret_for_a_change(house: House, service: str) -> None:
    desk = Desk(house, service, role="privacy_officer")
    client = desk._client
    assert client.get(f"/{service}/v1/audit?patient_id={'0' * 8}-0000-0000-0000-{'0' * 12}").status_code == 404
    plain = browser(house, service)
    assert plain.get(f"/{service}/v1/audit").status_code == 401


def test_a_change_through_the_api_needs_the_secret_too(house: House) -> None:
    client = Desk(house, "intake")._client
    person = {"family_name": "Ruiz", "given_name": "Ada", "birth_date": "1980-01-01", "phone": "(212) 555-0100"}
    person["home_site_id"] = "riverside"
    assert client.post("/intake/v1/patients", json=person).status_code == 403
    token = csrf.masked("the-desk-of-a-test")
    assert client.post("/intake/v1/patients", json=person, headers={csrf.HEADER: token}).status_code == 201


def test_a_bearer_token_in_the_cookies_place_signs_nobody_in(house: House) -> None:
    client = browser(house)
    actor = Actor("nurse", "Nurse", frozenset({Role.NURSE}), frozenset({"riverside"}))
    client.set_cookie(sign_in.COOKIE, sign(actor, house.signing.key, house.signing.key_id, lasts=None))
    answer = client.get("/intake/today")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/intake/sign-in?next=/intake/today")


def test_an_expired_sign_in_leads_back_and_a_sent_form_says_that_nothing_was_saved(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in, "LASTS", timedelta(seconds=-10))
    desk = Desk(house, "intake")
    assert (
        desk.opens("/intake/today?show=booked", expect=303).leads_to
        == "/intake/sign-in?next=/intake/today%3Fshow%3Dbooked"
    )
    assert "signed out" in desk.sends("/intake/booking/find", {"query": "x"}, expect=401).words


def test_intake_renews_for_another_fifteen_minutes_with_the_same_secret(house: House) -> None:
    desk = Desk(house, "intake", role="nurse", subject="demo-nurse")
    answer = desk.sends("/intake/sign-in/renewal", expect=204).answer
    assert "Max-Age=900" in answer.headers["Set-Cookie"]
    assert desk.opens("/intake/sign-in/renewal?next=/intake/booking", expect=303).leads_to == "/intake/booking"
    desk.sends("/intake/booking/find", {"query": "Ruiz"}, expect=200)


def test_a_page_without_script_renews_by_a_step_through_intake(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "LASTS", timedelta(minutes=4, seconds=59))
    desk = Desk(house, "intake", subject="demo-front-desk")
    leads_to = desk.opens("/intake/today?show=left", expect=303).leads_to
    assert leads_to == "/intake/sign-in/renewal?next=/intake/today%3Fshow%3Dleft"
    desk.opens("/intake/today", headers={"HX-Request": "true"})
    monkeypatch.setattr(sign_in, "LASTS", timedelta(minutes=15))
    assert desk.opens(leads_to, expect=303).leads_to == "/intake/today?show=left"
    desk.opens("/intake/today?show=left")


def test_whoever_no_longer_works_here_isnt_renewed(house: House) -> None:
    Desk(house, "intake", role="nurse", subject="left-last-week").sends("/intake/sign-in/renewal", expect=403)


def test_signing_out_ends_it(house: House) -> None:
    desk = Desk(house, "intake")
    desk.sends("/intake/sign-out")
    assert "sign-in" in desk.opens("/intake/today", expect=303).leads_to


def test_one_changes_to_another_of_ones_own_sites_only(house: House) -> None:
    desk = Desk(house, "intake", sites=("riverside", "lakeview"), subject="demo-front-desk")
    assert "Riverside , New York time" in desk.opens("/intake/today").words
    desk.sends("/intake/sign-in/site", {"site_id": "lakeview", "next": "/intake/today"})
    assert "Lakeview , Chicago time" in desk.opens("/intake/today").words
    desk.sends("/intake/sign-in/site", {"site_id": "harbor"}, expect=404)


def test_a_page_locks_itself_down(house: House) -> None:
    policy = Desk(house, "intake").opens("/intake/today").answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'nonce-")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_assets_are_kept_for_ever_and_packed(house: House, tmp_path: Path) -> None:
    client = browser(house)
    page = client.get("/intake/sign-in").get_data(as_text=True)
    names = [word.split('"')[0] for word in page.split("/intake/assets/")[1:]]
    assert len(set(names)) >= 5
    for name in set(names):
        answer = client.get(f"/intake/assets/{name}", headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
    assert client.get("/intake/assets/tabler.css").status_code == 404


def test_a_form_for_anybody_on_the_page_of_somebody_signed_in_carries_their_secret(house: House) -> None:
    """This house's clock stands still, so past the door there is no demo clock to move."""
    desk = Desk(house, "intake", role="nurse")
    desk.sends("/intake/demo-clock", {"step": "hour"}, expect=404)
    desk.sends("/intake/demo-clock", {"step": "hour"}, expect=403, proof=False)
