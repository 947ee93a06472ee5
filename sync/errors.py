"""What can go wrong between us and the sheet, one exception for each failure, in the user's words.

`SheetsClient` raises these; the cycle records them as the problem that pages show, `doctor` prints their remedies.
"""

from __future__ import annotations


class SheetsProblem(Exception):
    """The sheet could not be read or written. `remedy` says what a person can do about it."""

    remedy = "Try again in a minute; edits wait here meanwhile."
    passing = False  # whether waiting may cure it


class Unreachable(SheetsProblem):
    """No answer: no network, or the server hangs or cuts the connection."""

    passing = True


class OverQuota(SheetsProblem):
    """Google's per-minute limit is used up (429)."""

    remedy = "Nothing to do: the worker slows down and goes on by itself."
    passing = True


class ServiceDown(SheetsProblem):
    """Google answers with a server error (5xx)."""

    passing = True


class AnswerLost(SheetsProblem):
    """A write was sent and its answer never came: it may or may not have been applied. The fence tells which."""

    passing = True


class NotShared(SheetsProblem):
    """The spreadsheet is not shared with this account (403)."""

    remedy = "Share the spreadsheet with the service account's e-mail address as an editor."


class NotFound(SheetsProblem):
    """No spreadsheet has this id (404)."""

    remedy = "Check SPREADSHEET_ID: it is the long part of the sheet's address between /d/ and /edit."


class BadCredentials(SheetsProblem):
    """The key file is missing, broken, or refused."""

    remedy = "Make a new key for the service account and set GOOGLE_SHEETS_CREDENTIALS_FILE to it."


class Refused(SheetsProblem):
    """Google refused the request as it stands (400); nothing of it was applied. The message is Google's own."""

    @property
    def of_cell(self) -> str:
        """Why a change is set aside that alone was refused."""
        return f"The sheet refuses this cell: {self}"

    remedy = "Run `bumuk doctor`; it says what in the spreadsheet stands in the way."


class FenceLost(Refused):
    """Another writer moved the fence, or someone edited _crm: nothing was written; read again and plan anew."""

    passing = True


LOOKED = "The sheet was changed while the app looked at it"  # of `Unsettled`, between two reads
WROTE = "The sheet was changed while the app wrote to it"


class Unsettled(SheetsProblem):
    """A flush's own answer does not show what it wrote where it was aimed, or another worker has written
    since we looked: the next look puts that right."""

    remedy = "Nothing to do: the app puts it right by itself."
    passing = True


class ReadOnlyHere(SheetsProblem):
    """The spreadsheet belongs to another installation, or is a copy: nothing is written until a person decides."""

    remedy = "Decide on the page Conflicts, or run `bumuk sync --take-over` to write here from now on."


class UnsafePicture(SheetsProblem):
    """What was read looks wrong (Master suddenly empty, a header gone): nothing is written until it is put right."""

    remedy = "Look at the sheet; File, Version history brings back what was there."


class OtherSpreadsheet(SheetsProblem):
    """The database belongs to another spreadsheet, and holds what has not reached it yet."""

    remedy = "Set SPREADSHEET_ID back until they are in that sheet, or give this one a database of its own (DATA_DIR)."


class OnlyRehearsed(SheetsProblem):
    """A rehearsal came to the point where a cycle would write."""

    remedy = "Run `bumuk sync --once`."
