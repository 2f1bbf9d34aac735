"""The bus as an AsyncAPI 3 document: its topics, who sends and who receives, and what a record looks like."""

from collections.abc import Mapping
from typing import Any

from shared.contracts.envelope import header_schema
from shared.contracts.registry import REGISTRY, RETENTION, Contract

_BINDING = "0.5.0"


def asyncapi_document(schemas: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The document; `schemas` are the payloads' JSON Schemas by event type."""
    return {
        "asyncapi": "3.0.0",
        "id": "urn:afterglow:events",
        "info": {
            "title": "Afterglow events",
            "version": "1.0.0",
            "description": (
                "Facts between the services of a network of ketamine clinics: opaque ids, codes, instants and days, "
                "never a name, a word or a score. CloudEvents 1.0 in Kafka's binary mode: the attributes are headers, "
                "the value is the payload alone. Delivered at least once and in order for each patient: keep the last "
                "ce_keyseq of each (topic, key) and drop what is not above it. Ignore fields you don't know."
            ),
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "clinics": {
                "host": "{broker}",
                "protocol": "kafka",
                "description": "The listener for clients; one user a service, who may do what the operations say.",
                "variables": {"broker": {"default": "kafka:9092", "description": "host:port of any broker"}},
                "security": [{"$ref": "#/components/securitySchemes/scram"}],
            }
        },
        "channels": {contract.topic: _channel(contract) for contract in REGISTRY},
        "operations": dict(pair for contract in REGISTRY for pair in _operations(contract).items()),
        "components": {
            "messages": {contract.type: _message(contract, schemas[contract.type]) for contract in REGISTRY},
            "schemas": {contract.type: _embedded(schemas[contract.type]) for contract in REGISTRY},
            "securitySchemes": {"scram": {"type": "scramSha512", "description": "SASL SCRAM-SHA-512"}},
        },
    }


def _channel(contract: Contract) -> dict[str, Any]:
    return {
        "address": contract.topic,
        "messages": {contract.type: {"$ref": f"#/components/messages/{contract.type}"}},
        "bindings": {
            "kafka": {
                "topic": contract.topic,
                "partitions": contract.partitions,
                "topicConfiguration": {
                    "cleanup.policy": ["delete"],
                    "retention.ms": int(RETENTION.total_seconds() * 1000),
                },
                "bindingVersion": _BINDING,
            }
        },
    }


def _operations(contract: Contract) -> dict[str, dict[str, Any]]:
    said = {
        "channel": {"$ref": f"#/channels/{contract.topic}"},
        "messages": [{"$ref": f"#/channels/{contract.topic}/messages/{contract.type}"}],
    }
    sends = {
        "action": "send",
        "summary": f"{contract.producer} publishes {contract.topic}; nobody else may",
        "tags": [{"name": contract.producer}],
        "bindings": {"kafka": {"clientId": {"type": "string"}, "bindingVersion": _BINDING}},
    }
    operations = {f"{contract.producer}.publishes.{contract.topic}": sends | said}
    for consumer in contract.consumers:
        receives = {
            "action": "receive",
            "summary": f"{consumer} consumes {contract.topic}",
            "tags": [{"name": consumer}],
            "bindings": {"kafka": {"groupId": {"type": "string", "const": consumer}, "bindingVersion": _BINDING}},
        }
        operations[f"{consumer}.consumes.{contract.topic}"] = receives | said
    return operations


def _message(contract: Contract, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": contract.type,
        "title": contract.type,
        "summary": str(schema["description"]).splitlines()[0],
        "contentType": "application/json",
        "headers": header_schema(contract),
        "payload": {"$ref": f"#/components/schemas/{contract.type}"},
        "bindings": {
            "kafka": {
                "key": {"type": "string", "format": "uuid", "description": "patient_id"},
                "bindingVersion": _BINDING,
            }
        },
    }


def _embedded(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The committed schema, in the words that AsyncAPI's own schemas share with it."""
    return {word: value for word, value in schema.items() if word not in {"$schema", "$id"}}
