"""Brings a Kafka cluster to what the registry asks, and says how it differs.

It creates and mends; it deletes no topic, no record and no user, shortens no retention and changes no number of
partitions: that would lose facts or a patient's order, so a person decides it. The services' own users are the
registry's, so a right it doesn't give them is taken away; what others may do is only told.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from kafka import errors as kafka_errors
from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ConfigResource,
    ConfigResourceType,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
    UserScramCredentialUpsertion,
)

from shared.contracts.registry import REGISTRY, SERVICES
from shared.kernel.clock import monotonic
from shared.messaging.kafka.connection import CALL_MS
from shared.messaging.kafka.wanted import Physical, Right, replicas_for, topic_settings, wanted_rights
from shared.messaging.log import Difference

_MECHANISM = "SCRAM-SHA-512"
_ITERATIONS = 8192
_SEEN_WITHIN_SECONDS = 10.0
_NO_AUTHORIZER = "the broker has no authorizer: whoever reaches it may read and write everything"


@dataclass(frozen=True)
class FoundTopic:
    partitions: int
    replicas: int
    settings: dict[str, str]


@dataclass(frozen=True)
class Found:
    """The cluster as it is. `rights` is None where the broker has no authorizer."""

    topics: dict[str, FoundTopic]
    users: frozenset[str]
    rights: frozenset[Any] | None


class Provisioning:
    """`brokers` are as many as the cluster has at least; topics are made when all of them are there, since a topic's
    copies can't be added later. `passwords` by service; a user without one is neither made nor changed."""

    def __init__(self, admin: Any, physical: Physical, *, brokers: int, passwords: Mapping[str, str]) -> None:
        self._admin = admin
        self._passwords = passwords
        self._here = len(admin.describe_cluster()["brokers"])
        self._brokers = max(brokers, self._here)
        self._replicas = replicas_for(self._brokers)
        self._topics = {physical(contract.topic): contract.partitions for contract in REGISTRY}
        self._rights = frozenset(_acl(right) for right in wanted_rights(physical))

    def differences(self) -> list[Difference]:
        found = self._look()
        return [*self._topic_differences(found), *self._right_differences(found), *self._user_differences(found)]

    def apply(self) -> list[Difference]:
        """Create and mend; what differs still, once the cluster has had time to show it."""
        self.create_missing_topics()
        found = self._look()
        self._mend_settings(found)
        self._make_users()
        if found.rights is not None:
            self._mend_rights(found.rights)
        until = monotonic() + _SEEN_WITHIN_SECONDS
        while True:
            left = self.differences()
            if all(difference.by_hand for difference in left) or monotonic() > until:
                return left
            time.sleep(0.2)

    def create_missing_topics(self) -> None:
        there = set(self._admin.list_topics())
        settings = topic_settings(self._replicas)
        missing = {
            name: {"num_partitions": partitions, "replication_factor": self._replicas, "configs": settings}
            for name, partitions in self._topics.items()
            if name not in there
        }
        if missing and self._here < self._brokers:
            raise kafka_errors.BrokerNotAvailableError(f"{self._here} of {self._brokers} brokers are there")
        if missing:
            with suppress(kafka_errors.TopicAlreadyExistsError):  # another process was faster
                self._admin.create_topics(missing, timeout_ms=CALL_MS)
        self._admin.wait_for_topics(list(self._topics), timeout_ms=CALL_MS)

    def _look(self) -> Found:
        there = set(self._admin.list_topics()) & self._topics.keys()
        settings = self._settings(there)
        topics = {
            topic["name"]: FoundTopic(
                partitions=len(topic["partitions"]),
                replicas=min(len(partition["replica_nodes"]) for partition in topic["partitions"]),
                settings=settings[topic["name"]],
            )
            for topic in (self._admin.describe_topics(sorted(there)) if there else [])
        }
        try:
            rights = frozenset(self._rights_there())
        except kafka_errors.SecurityDisabledError:
            rights = None
        return Found(topics, frozenset(self._admin.describe_user_scram_credentials()), rights)

    def _settings(self, topics: set[str]) -> dict[str, dict[str, str]]:
        if not topics:
            return {}
        asked = [
            ConfigResource(ConfigResourceType.TOPIC, name, dict.fromkeys(topic_settings(self._replicas)))
            for name in sorted(topics)
        ]
        found = self._admin.describe_configs(asked, config_filter="all")["topic"]
        return {name: {key: config["value"] for key, config in configs.items()} for name, configs in found.items()}

    def _rights_there(self) -> Iterator[Any]:
        """All rights on our topics and groups, also by a wildcard, and all rights of our users on anything."""
        names = {(acl.resource_pattern.resource_type, acl.resource_pattern.resource_name) for acl in self._rights}
        patterns = [ResourcePatternFilter(kind, name, ACLResourcePatternType.MATCH) for kind, name in sorted(names)]
        anything = ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY)
        asked = [(None, pattern) for pattern in patterns] + [(f"User:{user}", anything) for user in SERVICES]
        for principal, pattern in asked:
            wanted = ACLFilter(principal, None, ACLOperation.ANY, ACLPermissionType.ANY, pattern)
            yield from self._admin.describe_acls(wanted)[0]

    def _topic_differences(self, found: Found) -> Iterator[Difference]:
        for name, partitions in self._topics.items():
            topic = found.topics.get(name)
            if topic is None:
                yield Difference(f"topic {name} is missing")
                continue
            if topic.partitions != partitions:
                what = f"topic {name} has {topic.partitions} partitions, not {partitions}"
                yield Difference(f"{what}: changing them would break patients' order", by_hand=True)
            if topic.replicas < self._replicas:
                what = f"topic {name} has {topic.replicas} copies, not {self._replicas}"
                yield Difference(f"{what}: reassign its partitions", by_hand=True)
            for key, value in topic_settings(topic.replicas).items():
                if (there := topic.settings.get(key)) != value:
                    risky = _may_delete(key, there, value)
                    why = ": changing it could delete records" if risky else ""
                    yield Difference(f"topic {name} has {key}={there}, not {value}{why}", by_hand=risky)

    def _right_differences(self, found: Found) -> Iterator[Difference]:
        if found.rights is None:
            yield Difference(_NO_AUTHORIZER, by_hand=True)
            return
        for acl in sorted(self._rights - found.rights, key=_sentence):
            yield Difference(f"{_sentence(acl)}: missing")
        for acl in sorted(found.rights - self._rights, key=_sentence):
            yield Difference(f"{_sentence(acl)}: the registry doesn't say so", by_hand=not _is_ours(acl))

    def _user_differences(self, found: Found) -> Iterator[Difference]:
        if found.rights is None:
            return  # nobody signs in there
        for user in sorted(set(SERVICES) - found.users):
            given = user in self._passwords
            hint = "" if given else f": give its password as AFTERGLOW_{user.upper()}_KAFKA_PASSWORD"
            yield Difference(f"user {user} is missing{hint}", by_hand=not given)
        for user in sorted(found.users - set(SERVICES)):
            yield Difference(f"user {user} is no service's", by_hand=True)

    def _mend_settings(self, found: Found) -> None:
        wrong = {
            name: {
                key: value
                for key, value in topic_settings(topic.replicas).items()
                if topic.settings.get(key) != value and not _may_delete(key, topic.settings.get(key), value)
            }
            for name, topic in found.topics.items()
        }
        changes = [
            ConfigResource(ConfigResourceType.TOPIC, name, changed) for name, changed in wrong.items() if changed
        ]
        if changes:
            self._admin.alter_configs(changes)

    def _make_users(self) -> None:
        """Also anew for a user that is there: whether its password is the one given can't be asked."""
        users = [
            UserScramCredentialUpsertion(user, _MECHANISM, password, iterations=_ITERATIONS)
            for user, password in self._passwords.items()
        ]
        if users:
            _refused(error for error in self._admin.alter_user_scram_credentials(users).values() if error)

    def _mend_rights(self, there: frozenset[Any]) -> None:
        if missing := list(self._rights - there):
            _refused(error.__name__ for error in self._admin.create_acls(missing)["failed"])
        if extra := [acl for acl in there - self._rights if _is_ours(acl)]:
            self._admin.delete_acls(extra)


def _refused(errors: Iterator[str]) -> None:
    for error in errors:
        raise kafka_errors.KafkaError(f"the broker did not take it: {error}")


def _may_delete(key: str, there: str | None, wanted: str) -> bool:
    """Whether setting `key` to `wanted` could make the broker drop records that it keeps now."""
    if key == "retention.ms":
        return there is not None and (int(there) < 0 or int(there) > int(wanted))
    return key == "cleanup.policy"


def _acl(right: Right) -> Any:
    pattern = ResourcePattern(ResourceType[right.kind.upper()], right.name)
    return ACL(f"User:{right.user}", "*", ACLOperation[right.operation.upper()], ACLPermissionType.ALLOW, pattern)


def _is_ours(acl: Any) -> bool:
    return acl.principal in {f"User:{user}" for user in SERVICES}


def _sentence(acl: Any) -> str:
    verb = "may" if acl.permission_type is ACLPermissionType.ALLOW else "may not"
    pattern, host = acl.resource_pattern, "" if acl.host == "*" else f" from {acl.host}"
    name = f"{pattern.resource_name}{'…' if pattern.pattern_type is ACLResourcePatternType.PREFIXED else ''}"
    who = acl.principal.removeprefix("User:")
    return f"{who} {verb} {acl.operation.name.lower()} {pattern.resource_type.name.lower()} {name}{host}"
