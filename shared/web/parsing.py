"""How views get their bodies and queries: as the door has read them, through one schema object a class.

smorest's own parser reads the JSON a second time and builds the schema anew for every request; together they cost more
than the view of a plain write. Importing shared.web puts this one in its place, before any blueprint is made.
"""

from functools import cache
from typing import Any

from flask import Request
from flask_smorest import Blueprint
from marshmallow import Schema
from webargs import core
from webargs.flaskparser import FlaskParser


class Parser(FlaskParser):
    """Marshmallow's schemas keep nothing between two loads, so all threads may share one."""

    def _get_schema(self, argmap: Any, req: Any) -> Schema:
        if isinstance(argmap, type) and issubclass(argmap, Schema):
            return _schema(argmap)
        return super()._get_schema(argmap, req)

    def _raw_load_json(self, req: Request) -> Any:
        """The body that the door has parsed; nothing at all counts as missing."""
        return req.get_json() if req.get_data() else core.missing


def install() -> None:
    Blueprint.ARGUMENTS_PARSER = Parser()


@cache
def _schema(kind: type[Schema]) -> Schema:
    return kind()
