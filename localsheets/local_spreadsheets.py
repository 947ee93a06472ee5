"""`PUT /_local/spreadsheets/<id>`: a spreadsheet under a chosen id, from its JSON resource.

For bringing a kept spreadsheet back and for tests that need one as it stood somewhere else: what
`GET /v4/spreadsheets/<id>?includeGridData=true` answered, here or at Google, goes in as the body. What is read-only in
it (effective values and formats, addresses) is made anew from the rest; charts and whatever else this server does not
have is refused by name. What stood under the id is replaced, history and all; a file that is there keeps its owner,
sharing and folder, a new one belongs to the local account or to ?owner=ADDRESS. The answer is the new resource.
"""

from __future__ import annotations

import re

from . import drive_store
from .asked import Answer, Asked, json_answer, json_object
from .drive_store import SPREADSHEET
from .errors import bad_request
from .service import Service

PATH = "/_local/spreadsheets/"
_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


def put(service: Service, asked: Asked) -> Answer:
    """ApiError 400 for an id or owner of another form, for a folder's id, or for what the resource may not hold."""
    sid, body = asked.path.removeprefix(PATH), json_object(asked)
    if not _ID.fullmatch(sid):
        raise bad_request("The id must be 1 to 100 letters, digits, hyphens and underscores.")
    owner = asked.first("owner") or service.account
    if not _ADDRESS.fullmatch(owner):
        raise bad_request("'owner' must be an address.")
    engine = service.engine
    file = drive_store.find(engine.connection, sid)
    if file is not None and file.mime != SPREADSHEET:
        raise bad_request("This id is a folder's.")
    caller = service.caller(file.owner if file else owner.lower())
    with engine.transaction():
        made = engine.put(caller, sid, body)
        if file is None:
            title = str(made["properties"]["title"])
            drive_store.add(engine.connection, drive_store.new_file(sid, SPREADSHEET, title, caller.account, caller.at))
    return json_answer(made)
