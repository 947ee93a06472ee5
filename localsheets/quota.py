"""Google's request quotas for the Sheets API: reads and writes a minute, for each user and for the project.

Limits [D]: 60 and 60 for a user, 300 and 300 for a project; over them 429 RESOURCE_EXHAUSTED. A refused request does
not count. Counted in a window of the last 60 seconds of the server's clock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from .errors import ApiError

WINDOW = 60.0
PER_USER, PER_PROJECT = 60, 300
PROJECT_NUMBER = "100000000000"


def exceeded(kind: str, limit: int, for_user: bool) -> ApiError:
    """429 in Google's words for `kind` "Read" or "Write"."""
    scope = " per user" if for_user else ""
    message = (
        f"Quota exceeded for quota metric '{kind} requests' and limit '{kind} requests per minute{scope}' of service "
        f"'sheets.googleapis.com' for consumer 'project_number:{PROJECT_NUMBER}'."
    )
    metadata = {
        "consumer": f"projects/{PROJECT_NUMBER}",
        "quota_limit": f"{kind}RequestsPerMinutePer{'User' if for_user else 'Project'}",
        "quota_limit_value": str(limit),
        "quota_location": "global",
        "quota_metric": f"sheets.googleapis.com/{kind.lower()}_requests",
        "quota_unit": f"1/min/{{project}}{'/{user}' if for_user else ''}",
        "service": "sheets.googleapis.com",
    }
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "RATE_LIMIT_EXCEEDED",
        "domain": "googleapis.com",
        "metadata": metadata,
    }
    link = {
        "description": "Request a higher quota limit.",
        "url": "https://cloud.google.com/docs/quotas/help/request_increase",
    }
    return ApiError(429, message, details=[info, {"@type": "type.googleapis.com/google.rpc.Help", "links": [link]}])


@dataclass(slots=True)
class Quotas:
    """What has been asked in the last minute; not `enabled` (--no-quota) there are no limits."""

    per_user: int = PER_USER
    per_project: int = PER_PROJECT
    enabled: bool = True
    _asked: dict[tuple[str, str], deque[float]] = field(default_factory=dict)

    def charge(self, account: str, write: bool, now: float) -> None:
        """Counts one request, or raises ApiError 429 and counts nothing."""
        if not self.enabled:
            return
        kind = "Write" if write else "Read"
        user, project = self._recent((kind, account), now), self._recent((kind, ""), now)
        if len(user) >= self.per_user:
            raise exceeded(kind, self.per_user, for_user=True)
        if len(project) >= self.per_project:
            raise exceeded(kind, self.per_project, for_user=False)
        user.append(now)
        project.append(now)

    @contextmanager
    def suspended(self) -> Iterator[None]:
        """Nothing is counted meanwhile: people at their browsers have no quota of the API."""
        enabled, self.enabled = self.enabled, False
        try:
            yield
        finally:
            self.enabled = enabled

    def _recent(self, key: tuple[str, str], now: float) -> deque[float]:
        asked = self._asked.setdefault(key, deque())
        while asked and not now - WINDOW < asked[0] <= now:
            asked.popleft()
        return asked
