"""Where Google's behaviour is not provable without an account, the server offers both; `/_local/switches` chooses.

    GET /_local/switches   -> every switch with its value
    POST /_local/switches {"metadata_follows_sort": false, …}   -> the same, after the change

Kept for the life of the process (`metadata_follows_sort` in the data file). SHEETS_API.md marks the questions with [?].
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from .errors import bad_request

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Switches:
    """`metadata_follows_sort`: developer metadata of a row goes with it when a range is sorted, else stays in place.

    `missing_named_range_refused`: to update or delete a named range that does not exist refuses the batch, else it does
    nothing. `existing_metadata_id_refused`: to create metadata with a metadataId that exists refuses the batch, else an
    id is given. `returned_cells_are_committed`: the cells in a batchUpdate's answer are those that were committed; else
    they do not show what a person did between (rules with a person before the request). `covered_cells_keep_values`: a
    cell under a merge holds what is written to it, as the first cell of the merge does; else that is dropped silently.
    """

    metadata_follows_sort: bool = False
    missing_named_range_refused: bool = True
    existing_metadata_id_refused: bool = True
    returned_cells_are_committed: bool = True
    covered_cells_keep_values: bool = True

    def changed(self, given: Json) -> Switches:
        """With some of them set anew; ApiError 400 for an unknown name or anything but true and false."""
        known = {one.name for one in fields(self)}
        for name, value in given.items():
            if name not in known:
                raise bad_request(f"There is no switch {name!r}; there are {', '.join(sorted(known))}.")
            if not isinstance(value, bool):
                raise bad_request(f"{name!r} must be true or false.")
        return replace(self, **given)

    @property
    def forgiving(self) -> frozenset[str]:
        """What the engine lets pass though Google may refuse it (`Book.forgiving`)."""
        named = () if self.missing_named_range_refused else ("missing_named_range",)
        known = () if self.existing_metadata_id_refused else ("existing_metadata_id",)
        return frozenset((*named, *known))

    def listed(self) -> Json:
        """All of them as JSON."""
        return asdict(self)
