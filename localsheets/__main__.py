"""`python -m localsheets`: the server by itself, for tests."""

from __future__ import annotations

import sys

from .command import main

if __name__ == "__main__":
    sys.exit(main())
