"""The Compose file: official pinned images, nobody root, nothing published beyond this machine, no secrets."""

import re
import subprocess
from typing import Any

import pytest
import yaml

from tests.architecture.tree import ROOT, SERVICES

_COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
_CONTAINERS: dict[str, dict[str, Any]] = _COMPOSE["services"]
_ONCE = {"keys", "topics", *(f"migrate-{service}" for service in SERVICES)}
_LASTING = set(_CONTAINERS) - _ONCE
_PINNED = re.compile(r"(postgres|apache/kafka|nginx):\d+(\.\d+)*")
_ROOT_TO_GIVE_AWAY_A_FOLDER = {"keys"}


@pytest.mark.parametrize("name", sorted(_CONTAINERS))
def test_an_image_is_pinned_or_our_own(name: str) -> None:
    image = _CONTAINERS[name]["image"]

    assert _PINNED.fullmatch(image) or image in {f"afterglow-{service}" for service in SERVICES}


def test_the_dockerfile_builds_on_a_pinned_image() -> None:
    bases = re.findall(r"(?m)^FROM (\S+)", (ROOT / "deploy/docker/service.Dockerfile").read_text())

    assert bases
    assert all(re.fullmatch(r"python:3\.\d+-slim", base) for base in bases)


def test_every_service_is_there_with_both_its_processes_and_its_migrations() -> None:
    assert set(_CONTAINERS) >= {n for s in SERVICES for n in (s, f"{s}-work", f"migrate-{s}")}


@pytest.mark.parametrize("name", sorted(_CONTAINERS))
def test_nobody_is_root_and_nobody_can_become_it(name: str) -> None:
    container = _CONTAINERS[name]

    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    if name in _ROOT_TO_GIVE_AWAY_A_FOLDER:
        assert "setpriv" in container["entrypoint"][-1]
    else:
        assert container["user"].split(":")[0] not in {"", "0", "root"}


@pytest.mark.parametrize("name", sorted(_LASTING))
def test_what_lasts_is_looked_after_and_comes_back(name: str) -> None:
    assert _CONTAINERS[name]["healthcheck"]["test"]
    assert _CONTAINERS[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", sorted(_ONCE))
def test_what_runs_once_tries_again_but_not_for_ever(name: str) -> None:
    assert _CONTAINERS[name]["restart"].startswith("on-failure:")


@pytest.mark.parametrize("name", sorted(set(_CONTAINERS) - {"kafka"}))
def test_root_file_systems_are_read_only(name: str) -> None:
    assert _CONTAINERS[name]["read_only"] is True


def test_only_the_gateway_is_published_and_only_on_this_machine() -> None:
    published = {name: container["ports"] for name, container in _CONTAINERS.items() if "ports" in container}

    assert set(published) == {"gateway"}
    assert all(port.startswith("127.0.0.1:") for port in published["gateway"])


@pytest.mark.parametrize("name", sorted(_CONTAINERS))
def test_a_container_is_told_its_own_services_password_only(name: str) -> None:
    told = " ".join(f"{key}={value}" for key, value in (_CONTAINERS[name].get("environment") or {}).items())
    owner = next((service for service in SERVICES if service in name), "intake" if name == "keys" else None)
    if name in {"postgres", "topics"}:
        return  # make all four logins

    assert {service for service in SERVICES if f"demo-only-{service}" in told} <= {owner}


def test_every_process_signs_in_to_the_broker_as_its_own_service() -> None:
    for service in SERVICES:
        for name in (service, f"{service}-work"):
            told = _CONTAINERS[name]["environment"]
            assert (told["AFTERGLOW_KAFKA_USER"], told["AFTERGLOW_KAFKA_SECURITY"]) == (service, "SASL_PLAINTEXT")


def test_whoever_may_do_everything_listens_where_only_topics_comes() -> None:
    settings = dict(
        line.split("=", 1) for line in (ROOT / "deploy/kafka/broker.env").read_text().splitlines() if line[:1] == "K"
    )
    listeners = dict(listener.split("://") for listener in settings["KAFKA_LISTENERS"].split(","))
    protocols = dict(pair.split(":") for pair in settings["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(","))

    assert {name: protocol for name, protocol in protocols.items() if protocol != "SASL_PLAINTEXT"} == {
        name: "PLAINTEXT" for name, address in listeners.items() if address.startswith("localhost:")
    }
    assert settings["KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND"] == "false"
    assert [n for n, c in _CONTAINERS.items() if c.get("network_mode") == "service:kafka"] == ["topics"]


def test_serving_never_waits_for_the_broker() -> None:
    for service in SERVICES:
        assert not {"kafka", "topics"} & set(_CONTAINERS[service]["depends_on"])
        assert not {"kafka", "topics", "keys"} & set(_CONTAINERS[f"migrate-{service}"]["depends_on"])


def test_the_image_is_sent_no_environment_no_data_and_no_console() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()

    assert "*" in lines
    assert {line for line in lines if line.startswith("!")} == {
        *("!requirements.txt", "!shared", "!services", "!docs/runbooks")
    }
    assert {"services/console", "services/__main__.py"} <= set(lines)


@pytest.mark.docker
def test_compose_itself_accepts_the_file() -> None:
    found = subprocess.run(["docker", "compose", "config", "--quiet"], cwd=ROOT, capture_output=True, text=True)

    assert found.returncode == 0, found.stderr
