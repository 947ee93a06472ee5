"""`/_local/faults` and `/_local/people`: rules in, what they did out, and deeds at once (see `faults` and `people`)."""

from __future__ import annotations

from typing import Any

from . import people, people_acting
from .asked import Answer, Asked, json_answer, json_object
from .errors import bad_request, forbidden
from .faults import Faults
from .service import Service

Json = dict[str, Any]
LOG_SHOWN = 1000


def _faults(service: Service) -> Faults:
    if service.faults is None:
        raise forbidden("This server was not started to misbehave: start it with --faults.")
    return service.faults


def add(service: Service, asked: Asked) -> Answer:
    """POST /_local/faults: {"rules": [RULE, …]} or one RULE; all are taken or none."""
    faults, body = _faults(service), json_object(asked)
    rules = body.get("rules", [body])
    if not isinstance(rules, list):
        raise bad_request("'rules' must be a list.")
    made = faults.add(rules)
    return json_answer({"rules": [{**rule.given, "id": rule.number, "seen": 0, "hits": 0} for rule in made]})


def listed(service: Service, asked: Asked) -> Answer:
    """GET /_local/faults: the rules with their hits, the last lines of the log (or those behind line `after`), what
    waits to be applied late."""
    faults, after = _faults(service), asked.first("after")
    if after is not None and not (after.isascii() and after.isdigit() and len(after) < 16):
        raise bad_request("'after' must be the number of a line of the log.")
    log = list(faults.log)[-LOG_SHOWN:] if after is None else [one for one in faults.log if one["n"] > int(after)]
    return json_answer({"rules": faults.listed(), "log": log, "late": faults.late.listed()})


def clear(service: Service, asked: Asked) -> Answer:
    """DELETE /_local/faults: rules and log go, with ?late=drop also what waits."""
    faults = _faults(service)
    faults.clear()
    if asked.first("late") == "drop":
        faults.late.drop()
    return json_answer({"rules": [], "log": [], "late": faults.late.listed()})


def act(service: Service, asked: Asked) -> Answer:
    """POST /_local/people: a deed now; the answer of its last call, or the refusal of the account that does it."""
    _faults(service)
    deed = people.read(json_object(asked))
    if deed.spreadsheet is None:
        raise bad_request("'spreadsheetId' is missing.")
    return people_acting.act(deed, deed.spreadsheet, service.engine, service.uncharged)
