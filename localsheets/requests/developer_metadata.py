"""The requests that create, update and delete developer metadata."""

from __future__ import annotations

from .. import datafilters, masks, metadata
from ..errors import bad_request
from ..follow import Json
from .context import Context

WRITABLE = ("metadataKey", "metadataValue", "location", "visibility")


def create_developer_metadata(context: Context, request: Json) -> Json:
    given = request.get("developerMetadata", {})
    number = given.get("metadataId") or metadata.fresh_id(context.book)
    if metadata.by_id(context.book, number) is not None:
        if "existing_metadata_id" not in context.book.forgiving:
            raise bad_request(f"Developer metadata with ID {number} already exists.")
        number = metadata.fresh_id(context.book)
    made = metadata.checked(context.book, {**given, "metadataId": number})
    metadata.add(context.book, made)
    return {"developerMetadata": made}


def update_developer_metadata(context: Context, request: Json) -> Json:
    given = request.get("developerMetadata", {})
    paths = [path[:1] for path in masks.write_paths(request.get("fields"), "DeveloperMetadata", context.where)]
    for path in paths:
        if path and path[0] not in WRITABLE:
            raise bad_request(f"The field {path[0]} cannot be updated.")
    if not request.get("dataFilters"):
        raise bad_request("dataFilters must be specified.")
    found = datafilters.metadata_of(context.book, request["dataFilters"])
    made = []
    for entry in found:
        changed = {**masks.write(entry, given, paths), "metadataId": entry["metadataId"]}
        made.append(metadata.checked(context.book, changed))
        metadata.remove(context.book, entry)
        metadata.add(context.book, made[-1])
    return {"developerMetadata": made} if made else {}


def delete_developer_metadata(context: Context, request: Json) -> Json:
    if "dataFilter" not in request:
        raise bad_request("dataFilter must be specified.")
    found = datafilters.metadata_of(context.book, [request["dataFilter"]])
    for entry in found:
        metadata.remove(context.book, entry)
    return {"deletedDeveloperMetadata": found} if found else {}
