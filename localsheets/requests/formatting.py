"""Cell formats as Google keeps them: a colour given in one of its two forms stands in both."""

from __future__ import annotations

from ..book import THEME_COLORS, rgb
from ..follow import Json

STYLE_OF = {
    "backgroundColor": "backgroundColorStyle", "foregroundColor": "foregroundColorStyle", "color": "colorStyle",
    "tabColor": "tabColorStyle",
}  # fmt: skip
COLOR_OF = {style: color for color, style in STYLE_OF.items()}


BANDS = ("headerColor", "firstBandColor", "secondBandColor", "footerColor")
BAND_TWINS = {**{name: f"{name}Style" for name in BANDS}, **{f"{name}Style": name for name in BANDS}}


def band_format(given: Json) -> Json:
    """BandingProperties with each colour in both forms."""
    out = dict(given)
    for name in BANDS:
        style = f"{name}Style"
        if "rgbColor" in out.get(style, {}):
            out[name] = out[style]["rgbColor"]
        elif name in out and style not in out:
            out[style] = {"rgbColor": out[name]}
    return out


def canonical_format(found: Json) -> Json:
    """The format with each colour in both forms, at every depth; the style wins where both are given, a theme
    colour comes with the colour that it has by default, and a style without any clears it."""
    out = {key: canonical_format(value) if isinstance(value, dict) else value for key, value in found.items()}
    for color, style in STYLE_OF.items():
        if "rgbColor" in out.get(style, {}):
            out[color] = out[style]["rgbColor"]
        elif out.get(style, {}).get("themeColor") in THEME_COLORS:
            out[color] = rgb(*THEME_COLORS[out[style]["themeColor"]])
        elif out.get(style) == {}:
            out.pop(style)
            out.pop(color, None)
        elif color in out and style not in out:
            out[style] = {"rgbColor": out[color]}
    return out


def with_twins(paths: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Mask paths with the other form of each colour named in them."""
    out = list(paths)
    for path in paths:
        for i, name in enumerate(path):
            twin = STYLE_OF.get(name) or COLOR_OF.get(name)
            if twin is not None:
                other = (*path[:i], twin)
                if other not in out:
                    out.append(other)
    return out
