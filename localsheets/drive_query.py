"""The search language of `files.list` (`q`): read into a test on one file.

Terms as Google's guide "Search query terms and operators" lists them: name, fullText (the name only: contents are not
indexed here), mimeType, times, trashed, starred, parents, owners, writers, readers, sharedWithMe; `and`, `or`, `not`,
visibility; brackets, strings in single or double quotes with backslash escapes. `contains` on a name finds the
beginnings of words; `me` in a list of people is whoever asks.
"""

from __future__ import annotations

import datetime as dt
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .drive_errors import DriveError, invalid

_TOKEN = re.compile(
    r"""\s*(?:(?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<sign><=|>=|!=|=|<|>|\(|\)|\{|\})|(?P<word>[A-Za-z]+))""",
    re.DOTALL,
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_TIMES = {"createdTime", "modifiedTime", "viewedByMeTime", "sharedWithMeTime"}
_FLAGS = {"trashed", "starred", "sharedWithMe"}
_LISTS = {"parents", "owners", "writers", "readers"}
_VISIBLE = {"anyoneCanFind", "anyoneWithLink", "domainCanFind", "domainWithLink", "limited"}
DEEPEST = 50


@dataclass(frozen=True, slots=True)
class Searched:
    """The facts of one file that a search can ask about; addresses in lower case."""

    name: str
    mime: str
    created: float
    modified: float
    trashed: bool
    starred: bool
    shared_with_me: bool
    parents: tuple[str, ...]
    owners: tuple[str, ...]
    writers: tuple[str, ...]
    readers: tuple[str, ...]
    visibility: str = "limited"
    me: str = ""
    properties: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


Test = Callable[[Searched], bool]


def _bad() -> DriveError:
    return invalid("Invalid Value", "q")


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        one = _TOKEN.match(text, at)
        if one is None:
            raise _bad()
        found.append((str(one.lastgroup), one[str(one.lastgroup)]))
        at = one.end()
    return found


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)


def _moment(text: str) -> float:
    try:
        read = dt.datetime.fromisoformat(text)
    except ValueError:
        raise _bad() from None
    return (read if read.tzinfo else read.replace(tzinfo=dt.UTC)).timestamp()


def _word_starts(query: str) -> Callable[[str], bool]:
    shape = re.compile(r"(?<!\w)" + re.escape(query.strip('"').lower()))
    return lambda text: shape.search(text.lower()) is not None


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.at = tokens, 0

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self, kind: str | None = None) -> str:
        found_kind, text = self.peek()
        if found_kind == "end" or (kind is not None and found_kind != kind):
            raise _bad()
        self.at += 1
        return text

    def need(self, *words: str) -> None:
        for word in words:
            if self.peek()[0] == "string" or self.take().lower() != word:
                raise _bad()

    def word_is(self, word: str) -> bool:
        kind, text = self.peek()
        return kind == "word" and text.lower() == word

    def either(self, depth: int) -> Test:
        tests = [self.both(depth)]
        while self.word_is("or"):
            self.take()
            tests.append(self.both(depth))
        return tests[0] if len(tests) == 1 else lambda file: any(test(file) for test in tests)

    def both(self, depth: int) -> Test:
        tests = [self.single(depth)]
        while self.word_is("and"):
            self.take()
            tests.append(self.single(depth))
        return tests[0] if len(tests) == 1 else lambda file: all(test(file) for test in tests)

    def single(self, depth: int) -> Test:
        if depth > DEEPEST:
            raise _bad()
        if self.word_is("not"):
            self.take()
            test = self.single(depth + 1)
            return lambda file: not test(file)
        if self.peek() == ("sign", "("):
            self.take()
            inside = self.either(depth + 1)
            if self.take("sign") != ")":
                raise _bad()
            return inside
        return self.membership() if self.peek()[0] == "string" else self.term()

    def membership(self) -> Test:
        value = _unquoted(self.take("string"))
        if self.take("word").lower() != "in":
            raise _bad()
        name = self.take("word")
        if name not in _LISTS:
            raise _bad()
        return _list_test(name, value)

    def pair(self, field: str) -> Test:
        """`{ key='a' and value='b' }` of what clients write beside a file."""
        self.need("{", "key", "=")
        key = _unquoted(self.take("string"))
        self.need("and", "value", "=")
        value = _unquoted(self.take("string"))
        self.need("}")
        return lambda file: file.properties.get(field, {}).get(key) == value

    def term(self) -> Test:
        field = self.take("word")
        if field == "sharedWithMe" and self.peek()[0] != "sign":
            return lambda file: file.shared_with_me
        sign = self.take()
        if field in ("properties", "appProperties") and sign.lower() == "has":
            return self.pair(field)
        if field in _LISTS and sign.lower() == "in":
            # The documented order is 'id' in parents; gspread sends parents in "id", and Drive takes it.
            return _list_test(field, _unquoted(self.take("string")))
        if field in _FLAGS:
            return _flag_test(field, sign, self.take("word"))
        value = _unquoted(self.take("string"))
        if field in _TIMES and sign in _COMPARE:
            return _time_test(field, sign, _moment(value))
        return _text_test(field, sign, value)


def _list_test(field: str, value: str) -> Test:
    if value == "me" and field != "parents":
        return lambda file: file.me in getattr(file, field)
    return lambda file: value.lower() in (one.lower() for one in getattr(file, field))


def _flag_test(field: str, sign: str, word: str) -> Test:
    if word.lower() not in ("true", "false") or sign not in ("=", "!="):
        raise _bad()
    wanted = (word.lower() == "true") == (sign == "=")
    name = "shared_with_me" if field == "sharedWithMe" else field
    return lambda file: getattr(file, name) is wanted


def _time_test(field: str, sign: str, moment: float) -> Test:
    compare = _COMPARE[sign]
    name = "created" if field == "createdTime" else "modified"
    return lambda file: compare(getattr(file, name), moment)


def _text_test(field: str, sign: str, value: str) -> Test:
    if field == "fullText" and sign == "contains":
        field = "name"
    if field == "visibility" and sign in ("=", "!=") and value in _VISIBLE:
        return lambda file: _COMPARE[sign](file.visibility, value)
    if field not in ("name", "mimeType"):
        raise _bad()
    name = "mime" if field == "mimeType" else "name"
    if sign in ("=", "!="):
        compare = _COMPARE[sign]
        return lambda file: compare(getattr(file, name).lower(), value.lower())
    if sign == "contains":
        found = _word_starts(value)
        return lambda file: found(getattr(file, name))
    raise _bad()


def matching(query: str) -> Test:
    """The test that a `q` asks for; an empty one takes every file. DriveError 400 where it cannot be read."""
    if not query.strip():
        return lambda _: True
    reader = _Reader(_tokens(query))
    test = reader.either(0)
    if reader.peek()[0] != "end":
        raise _bad()
    return test
