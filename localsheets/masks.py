"""Field masks: `sheets(properties.title,data/rowData)` to select from an answer, `userEnteredFormat.textFormat` to
choose what a request writes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .errors import bad_request, field_violations
from .messages import fields_of


@dataclass(slots=True)
class Mask:
    """A tree of field names; no children means everything below."""

    children: dict[str, Mask] = field(default_factory=dict)

    def selects(self, path: str) -> bool:
        """Whether anything at or below the dotted path is asked for."""
        node = self
        for name in path.split("."):
            if not node.children:
                return True
            child = node.children.get(name) or node.children.get("*")
            if child is None:
                return False
            node = child
        return True

    def at(self, name: str) -> Mask | None:
        """The mask below a field, or None where the field is not selected."""
        if not self.children:
            return self
        return self.children.get(name) or self.children.get("*")


EVERYTHING = Mask()


def parse(text: str | None) -> Mask:
    """The mask of a `fields` parameter; None, "" and "*" select everything. ApiError 400 where it cannot be read."""
    if text is None or not text.strip():
        return Mask()
    root = Mask()
    end = _list(text, 0, [root])
    if end != len(text):
        raise _unreadable(text)
    return Mask() if "*" in root.children and not root.children["*"].children else root


def _list(text: str, at: int, parents: list[Mask]) -> int:
    while True:
        at = _path(text, at, parents)
        if at >= len(text) or text[at] != ",":
            return at
        at += 1


def _path(text: str, at: int, parents: list[Mask]) -> int:
    nodes = parents
    while True:
        start = at
        while at < len(text) and text[at] not in ",./()":
            at += 1
        name = _camel(text[start:at].strip())
        if not name:
            raise _unreadable(text)
        fresh = [node.children.get(name) is None for node in nodes]
        # A field that an earlier path took whole stays whole.
        nodes = [node.children.setdefault(name, Mask()) for node in nodes]
        if at < len(text) and text[at] in "./":
            nodes = _below(nodes, fresh)
            at += 1
            continue
        if at < len(text) and text[at] == "(":
            at = _list(text, at + 1, _below(nodes, fresh))
            if at >= len(text) or text[at] != ")":
                raise _unreadable(text)
            return at + 1
        for node in nodes:
            node.children.clear()
        return at


def _below(nodes: list[Mask], fresh: list[bool]) -> list[Mask]:
    return [node if new or node.children else Mask() for node, new in zip(nodes, fresh, strict=True)]


def _unreadable(text: str) -> Exception:
    return bad_request(f"Request contains an invalid argument. Invalid field mask: {text}")


def check(mask: Mask, message: str, shown: str) -> None:
    """Refuses names that `message` does not have, as Google's front end does for the `fields` of an answer."""
    known = fields_of(message)
    for name, below in mask.children.items():
        if name == "*" or known is None:
            continue
        if name not in known:
            path = f"{shown}{name}"
            text = f"Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'."
            details = field_violations([(path, text)]).details
            raise bad_request("Request contains an invalid argument.", details)
        check(below, known[name].type, f"{shown}{name}.")


def select(mask: Mask, value: Any) -> Any:
    """The part of an answer that the mask selects; lists are gone through, empty objects stay."""
    if not mask.children:
        return value
    if isinstance(value, list):
        return [select(mask, item) for item in value]
    if not isinstance(value, dict):
        return value
    out = {}
    for name, item in value.items():
        below = mask.at(name)
        if below is not None:
            out[name] = select(below, item)
    return out


def write_paths(text: str | None, message: str, where: str) -> list[tuple[str, ...]]:
    """The leaf paths of the `fields` mask of an update request, checked against `message`; `*` is one empty path.

    ApiError 400 where it is missing or names a field that is not there.
    """
    if not text or not text.strip():
        raise bad_request(
            f"Invalid {where}: At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"
        )
    mask = parse(text)
    if not mask.children:
        return [()]
    paths: list[tuple[str, ...]] = []
    _leaves(mask, message, (), paths, where)
    return paths


def _leaves(mask: Mask, message: str, so_far: tuple[str, ...], paths: list[tuple[str, ...]], where: str) -> None:
    known = fields_of(message)
    for name, below in mask.children.items():
        if name == "*":
            paths.append(so_far)
            continue
        if known is not None and name not in known:
            path = ".".join((*so_far, name))
            raise bad_request(f"Invalid {where}: Invalid field: {path}")
        if below.children and not (known and known[name].repeated):  # a list is written as a whole
            _leaves(below, known[name].type if known else "", (*so_far, name), paths, where)
        else:
            paths.append((*so_far, name))


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def write(target: dict[str, Any], source: dict[str, Any], paths: list[tuple[str, ...]]) -> dict[str, Any]:
    """`target` with the masked fields taken from `source` (absent there: removed); neither is changed."""
    out = dict(target)
    for path in paths:
        if not path:
            return dict(source)
        _write(out, source, path)
    return out


def _write(target: dict[str, Any], source: Any, path: tuple[str, ...]) -> None:
    name, rest = path[0], path[1:]
    below = source.get(name) if isinstance(source, dict) else None
    if not rest:
        if below is None:
            target.pop(name, None)
        else:
            target[name] = below
        return
    child = dict(target.get(name) or {})
    _write(child, below, rest)
    if child:
        target[name] = child
    else:
        target.pop(name, None)
