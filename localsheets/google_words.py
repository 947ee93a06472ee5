"""Functions that Google has and the evaluator does not, said in the evaluator's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal

Split = Callable[[str], "list[str] | None"]
# What comes from outside, which a local server has no way to: Google shows #N/A where it cannot get it.
OUTSIDE = frozenset({
    "GOOGLEFINANCE", "GOOGLETRANSLATE", "DETECTLANGUAGE", "IMPORTDATA", "IMPORTFEED", "IMPORTHTML", "IMPORTXML",
})  # fmt: skip
# What shows a picture: the cell's value is empty.
PICTURES = frozenset({"IMAGE", "SPARKLINE"})
_EMAIL = r"^[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$"
_TEXT = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'")
_GROUP = re.compile(r"\\.|\[(?:\\.|[^\]])*\]|(\()(?!\?)")
_CRITERION = re.compile(r"(<=|>=|<>|=|<|>)?(.*)", re.DOTALL)
_CONSTANT = re.compile(r"\"((?:[^\"]|\"\")*)\"")


def _operator(sign: str) -> Callable[[list[str], bool], str]:
    return lambda args, _many: f"(({args[0]}){sign}({args[1]}))"


def _itself(args: list[str], _many: bool) -> str:
    return f"({args[0]})"


def _each(function: str) -> Callable[[list[str], bool], str]:
    """A function of text that the evaluator only knows of one text."""

    def made(args: list[str], many: bool) -> str:
        rest = "".join(f",{arg}" for arg in args[1:])
        return f"MAP({args[0]},LAMBDA(x_,{function}(x_{rest})))" if many else f"{function}({args[0]}{rest})"

    return made


def _defaulted(function: str, last: str) -> Callable[[list[str], bool], str]:
    """A function of two arguments that takes one too at Google."""
    return lambda args, _many: f"{function}({','.join(args if len(args) > 1 else [*args, last])})"


def _between(args: list[str], _many: bool) -> str:
    value, low, high, *edges = args
    with_low, with_high = [*edges, "TRUE", "TRUE"][:2] if len(edges) < 2 else edges[:2]
    above = f"IF({with_low},({value})>=({low}),({value})>({low}))"
    return f"(({above})*(IF({with_high},({value})<=({high}),({value})<({high})))=1)"


def _from_epoch(args: list[str], _many: bool) -> str:
    unit = args[1] if len(args) > 1 else "1"
    return f"(({args[0]})/CHOOSE({unit},86400,86400000,86400000000)+25569)"


def _join(args: list[str], _many: bool) -> str:
    return f"TEXTJOIN({args[0]},FALSE,{','.join(args[1:])})"


def _unique_count(args: list[str], _many: bool) -> str:
    columns = ",".join(f"TOCOL({arg},1)" for arg in args)
    return f"IFERROR(ROWS(UNIQUE(VSTACK({columns}))),0)"


def _split(args: list[str], _many: bool) -> str:
    """Split by each character of the delimiter unless told otherwise; parts that are numbers become numbers."""
    text, delimiter, *more = args
    each, drop = [*more, "TRUE", "TRUE"][:2] if len(more) < 2 else more[:2]
    drop = drop if len(more) > 1 else "TRUE"
    constant = _CONSTANT.fullmatch(delimiter)
    if constant and each.upper() in ("TRUE", "1") and len(constant[1]) > 1:
        signs = dict.fromkeys(constant[1].replace('""', '"'))
        delimiter = "{" + ",".join('"' + sign.replace('"', '""') + '"' for sign in signs) + "}"
    return f"MAP(TEXTSPLIT({text},{delimiter},,{drop}),LAMBDA(x_,IFERROR(VALUE(x_),x_)))"


def _extract(args: list[str], many: bool) -> str:
    """A constant pattern with several groups gives the text of each, side by side."""
    constant = _CONSTANT.fullmatch(args[1])
    groups = [found.start() for found in _GROUP.finditer(constant[1]) if found[1]] if constant else []
    if constant is None or len(groups) < 2:
        return _each("REGEXEXTRACT")(args, many)
    many = many and not _CONSTANT.fullmatch(args[0])
    made = []
    for kept in groups:
        pattern = "".join(f"{sign}?:" if at in groups and at != kept else sign for at, sign in enumerate(constant[1]))
        made.append(_each("REGEXEXTRACT")([args[0], f'"{pattern}"'], many))
    return f"HSTACK({','.join(made)})"


def _weighted(args: list[str], _many: bool) -> str:
    pairs = list(zip(args[::2], args[1::2], strict=False))
    above = "+".join(f"SUMPRODUCT({values},{weights})" for values, weights in pairs)
    return f"(({above})/({'+'.join(f'SUM({weights})' for _, weights in pairs)}))"


def _sorted_first(args: list[str], _many: bool) -> str:
    """The first rows of a range in an order. What becomes of ties is only known where they are cut off."""
    count, ties, order = (args[1:2] or ["1"])[0], (args[2:3] or ["0"])[0], args[3:] or ["1", "TRUE"]
    pairs = zip(order[::2], order[1::2], strict=False)
    by = ",".join(f"CHOOSECOLS({args[0]},{column}),IF({ascending},1,-1)" for column, ascending in pairs)
    return f"TAKE(SORTBY({args[0]},{by}),{count})" if ties.strip() == "0" else "NA()"


def _is_date(args: list[str], _many: bool) -> str:
    """Of text, whether it reads as a day; a number's format is not known here."""
    return f"IF(ISTEXT({args[0]}),ISNUMBER(DATEVALUE({args[0]})),FALSE)"


def _unique_of_those(args: list[str], _many: bool) -> str:
    tests = "*".join(f"({_meets(where, wanted)})" for where, wanted in zip(args[1::2], args[2::2], strict=False))
    return f"IFERROR(ROWS(UNIQUE(FILTER({args[0]},{tests}))),0)"


def _meets(where: str, wanted: str) -> str:
    """A criterion, as COUNTIF takes it, of each cell of a range."""
    constant = _CONSTANT.fullmatch(wanted.strip())
    if constant is None:
        return f"{where}={wanted}"
    sign, text = _CRITERION.fullmatch(constant[1]).groups()  # type: ignore[union-attr]  # it matches any text
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return f"{where}{sign or '='}{text}"
    if sign in (None, "=", "<>") and ("*" in text or "?" in text):
        pattern = "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in text)
        found = f'MAP({where},LAMBDA(x_,REGEXTEST(x_&"","(?i)^{pattern}$")))'
        return f"NOT({found})" if sign == "<>" else found
    return f'{where}{sign or "="}"{text}"'


_WORDS: Mapping[str, tuple[int, Callable[[list[str], bool], str]]] = {
    "ADD": (2, _operator("+")), "MINUS": (2, _operator("-")), "MULTIPLY": (2, _operator("*")),
    "DIVIDE": (2, _operator("/")), "EQ": (2, _operator("=")), "NE": (2, _operator("<>")), "GT": (2, _operator(">")),
    "GTE": (2, _operator(">=")), "LT": (2, _operator("<")), "LTE": (2, _operator("<=")),
    **{name: (1, _defaulted(name, "0")) for name in ("ROUND", "ROUNDUP", "ROUNDDOWN")},
    **{name: (1, _defaulted(name, "1")) for name in ("CEILING", "FLOOR")},
    "IFERROR": (1, _defaulted("IFERROR", '""')), "ISBETWEEN": (3, _between), "EPOCHTODATE": (1, _from_epoch),
    "UPLUS": (1, _itself), "UNARY_PERCENT": (1, lambda args, _many: f"(({args[0]})/100)"),
    "POW": (2, lambda args, _many: f"POWER({args[0]},{args[1]})"),
    "UMINUS": (1, lambda args, _many: f"(-({args[0]}))"),
    "TO_DATE": (1, _itself), "TO_DOLLARS": (1, _itself), "TO_PERCENT": (1, _itself), "TO_PURE_NUMBER": (1, _itself),
    "TO_TEXT": (1, lambda args, _many: f"(({args[0]})&\"\")"),
    "REGEXMATCH": (2, _each("REGEXTEST")), "REGEXEXTRACT": (2, _extract),
    "REGEXREPLACE": (3, _each("REGEXREPLACE")),
    "ISEMAIL": (1, lambda args, many: _each("REGEXTEST")([args[0], f'"{_EMAIL}"'], many)),
    "JOIN": (2, _join), "COUNTUNIQUE": (1, _unique_count), "SPLIT": (2, _split),
    "AVERAGE.WEIGHTED": (2, _weighted), "SORTN": (1, _sorted_first), "ISDATE": (1, _is_date),
    "COUNTUNIQUEIFS": (3, _unique_of_those),
    "FLATTEN": (1, lambda args, _many: "VSTACK(" + ",".join(f"TOCOL({arg})" for arg in args) + ")"),
    "ARRAY_CONSTRAIN": (3, lambda args, _many: f"TAKE({args[0]},{args[1]},{args[2]})"),
}  # fmt: skip
_CALL = re.compile(
    rf"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'|(?<![\w.])({'|'.join(map(re.escape, _WORDS))})\(", re.IGNORECASE
)


def translated(formula: str, split: Split, many: bool) -> str:
    """The formula with such calls said otherwise; `many`: it is one whose functions take each cell of a range. A call
    with too few arguments stays, and is an error."""
    at = 0
    while (found := _CALL.search(formula, at)) is not None:
        end = _closing(formula, found.end()) if found[1] else None
        if end is None:
            at = found.end()
            continue
        least, make = _WORDS[found[1].upper()]
        args = split(formula[found.end() : end]) or []
        if len(args) < least:
            at = found.end()
            continue
        args = [translated(arg, split, many) for arg in args]
        made = make(args, many)
        formula = formula[: found.start()] + made + formula[end + 1 :]
        at = found.start() + len(made)
    return formula


def _closing(formula: str, start: int) -> int | None:
    """Where the bracket closes that was opened just before `start`."""
    depth, at = 1, start
    while at < len(formula):
        text = _TEXT.match(formula, at)
        if text:
            at = text.end()
            continue
        depth += {"(": 1, ")": -1}.get(formula[at], 0)
        if depth == 0:
            return at
        at += 1
    return None


def shown_instead(name: str) -> Literal["#N/A", ""] | None:
    """What a cell shows whose formula is one call of this function, where no evaluator can say; None for any other."""
    if name in OUTSIDE:
        return "#N/A"
    return "" if name in PICTURES else None
