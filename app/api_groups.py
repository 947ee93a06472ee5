"""The JSON API under /api/v1, on many leads at once: bulk changes and imports, their progress, undone as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, request
from flask import jsonify as as_json
from werkzeug.datastructures import MultiDict

from app import asking, matters, typed
from app.api_access import caller, require_token
from app.api_words import Json, moment_words
from app.api_writing import bad, body_of, doer_of, object_of, refused
from app.asking_days import BOUNDS
from app.database import config, reading, settings, today
from app.errors import Fault, Refused, bad_parameter
from app.limits import limiter
from app.together import UNKNOWN, Together, act_on_all, take_back_all, unnamed
from core.commands import Command, SetFields
from core.field_checks import Refusal
from core.fields import BY_NAME
from core.model import Lead
from store import groups
from store.groups import Group
from store.paging import BadCursor
from store.search import LeadQuery
from store.values import askable

blueprint = Blueprint("api_groups", __name__, url_prefix="/api/v1")
limiter.limit(lambda: settings().api_limit, key_func=caller)(blueprint)
blueprint.before_request(require_token)

A_PAGE = 50
MOST = 500
_MOST_IDS = 10_000


@blueprint.post("/leads/bulk")
def change_leads() -> tuple[Response, int]:
    """`changes` on all leads that `filter` finds (the parameters of the list), or on `lead_ids`."""
    body = body_of()
    changes = object_of(body, "changes")
    in_force = config()

    def ask(lead: Lead) -> Command | Refusal:
        wanted = typed.values(changes, lead, in_force)
        return wanted if isinstance(wanted, Refusal) else SetFields(wanted)

    said = ", ".join(f"{BY_NAME[name].label if name in BY_NAME else name}: {new}" for name, new in changes.items())
    return _answer(act_on_all(_whom(body), ask, said[:200], doer_of(body)))


@blueprint.get("/groups")
def list_groups() -> Response:
    try:
        limit = asking.page_limit(request.args, A_PAGE, MOST)
        page = groups.recent(reading(), limit, request.args.get("cursor") or None)
    except BadCursor as error:
        raise bad_parameter("cursor", "The cursor cannot be read. Start without one.") from error
    return as_json({"groups": [_words(one) for one in page.items], "next_cursor": page.next_cursor})


@blueprint.get("/groups/<group_id>")
def one_group(group_id: str) -> Response:
    found = groups.group(reading(), group_id)
    if found is None:
        raise Refused(Fault(404, UNKNOWN.code, UNKNOWN.message))
    return as_json(_words(found))


@blueprint.post("/groups/<group_id>/undo")
def undo_group(group_id: str) -> tuple[Response, int]:
    """Without a key of its own an undo is named by what it undoes, so that sent twice it is one; once it was taken back
    itself, the next is another."""
    return _answer(take_back_all(group_id, doer_of(body_of(needed=False), unnamed(group_id))))


def _answer(made: Together | Refusal) -> tuple[Response, int]:
    if isinstance(made, Refusal):
        raise refused(made)
    told: dict[str, Json] = {"refused": dict(made.refused), "examples": dict(made.examples)}
    return as_json(_words(made.group) | told), 202


def _words(found: Group) -> dict[str, Json]:
    stands = groups.progress(reading(), found)
    states: dict[str, Json] = {
        name: getattr(stands, name) for name in ("pending", "applied", "done", "conflict", "blocked")
    }
    return {
        "group_id": found.group_id,
        "at": moment_words(found.at),
        "actor": found.actor,
        "why": found.why,
        "size": found.size,
        "states": states,
    }


def _whom(body: Mapping[str, object]) -> LeadQuery | Sequence[str]:
    ids = body.get("lead_ids")
    if ids is None:
        return _filtered(object_of(body, "filter"))
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        raise bad("lead_ids", "lead_ids is a list of lead ids.")
    if len(ids) > _MOST_IDS:
        raise bad("lead_ids", f"At most {_MOST_IDS:,} lead ids at once; use a filter for more.")
    return [askable(one) for one in ids]


def _filtered(asked: Mapping[str, object]) -> LeadQuery:
    """The leads that a filter finds. One that would find all of them is refused: nobody changes a whole book by a
    slip."""
    unknown = sorted(set(asked) - {"q", "overdue", *asking.PICKS, *BOUNDS})
    if unknown:
        raise bad("filter", f"There is no filter “{askable(unknown[0][:40])}”.")
    given: MultiDict[str, str] = MultiDict()
    for name, value in asked.items():
        values = _values(name, value)
        if len(values) > 1 and name not in asking.PICKS:  # the list would go by the first one, and find more
            raise bad("filter", f"{name} is one value, no list of them.")
        given.setlist(name, values)
    found = asking.parse(reading(), given)
    if not found.narrowed:
        raise bad("filter", "This filter finds every lead: say which are meant.")
    return found.query(today(), config().timezone)


def _values(name: str, given: object) -> list[str]:
    """The values of a filter; null is blank, and a blank one filters nothing. A list without any is not blank: it is
    whatever a program found, and that was nothing."""
    values = [one for one in given if one is not None] if isinstance(given, list) else ["" if given is None else given]
    if not values or not all(isinstance(one, str | int | float) for one in values):
        raise bad("filter", f"{name} is a value or a list of values.")
    return [askable(str(one)) for one in values]


@blueprint.get("/matters")
def list_matters() -> Response:
    """What the sheet wants decided besides conflicts."""
    found = matters.matters(reading(), config())
    told: list[Json] = [
        {
            "key": one.key,
            "title": one.title,
            "words": one.words,
            "lines": list(one.lines),
            "choices": [choice.value for choice in one.choices],
        }
        for one in found
    ]
    return as_json({"matters": told})


@blueprint.post("/matters/<path:key>")
def settle_matter(key: str) -> tuple[Response, int]:
    body = body_of()
    choice = body.get("choice")
    if not isinstance(choice, str):
        raise bad("choice", "choice is one of the matter's choices.")
    settled = matters.settle(key, choice, doer_of(body, matters.unnamed(key, choice)))
    if isinstance(settled, Refusal):
        raise refused(settled)
    return as_json({"key": key, "choice": choice, "words": settled.words, "group_id": settled.group or None}), 202
