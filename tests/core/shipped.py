"""The configuration that ships, for tests of the cleaners."""

from pathlib import Path

import core
from core.config_parse import parse_defaults

CONFIG = parse_defaults((Path(core.__file__).parent / "defaults.toml").read_text(encoding="utf-8"))
