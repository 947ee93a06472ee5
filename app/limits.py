"""How often one caller may knock: sign-in by address, the API by token. Counted in each web process, in memory."""

from __future__ import annotations

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=True)
