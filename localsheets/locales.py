"""What a spreadsheet's locale decides: separators, order of day and month, month names, currency, TRUE and FALSE.

`entered` reads with these facts and `display` shows with them. The values follow what Google Sheets shows under
File > Settings > Locale (Unicode CLDR for names and separators); a locale that is not listed here takes its language's
first entry, then en_US.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NBSP, NARROW_NBSP = "\u00a0", "\u202f"


@dataclass(frozen=True, slots=True)
class Locale:
    """One locale: `date`, `time`, `date_time` are default patterns; `order` is how 1/2/2025 is read (MDY, DMY, YMD)."""

    name: str
    decimal: str = "."
    group: str = ","
    indian_groups: bool = False
    order: str = "MDY"
    currency: str = "$"
    currency_after: bool = False
    date: str = "m/d/yyyy"
    time: str = "h:mm:ss am/pm"
    date_time: str = "m/d/yyyy h:mm:ss"
    months: tuple[str, ...] = ENGLISH_MONTHS
    short_months: tuple[str, ...] = tuple(month[:3] for month in ENGLISH_MONTHS)
    days: tuple[str, ...] = ENGLISH_DAYS
    short_days: tuple[str, ...] = tuple(day[:3] for day in ENGLISH_DAYS)
    true: str = "TRUE"
    false: str = "FALSE"

    @property
    def currency_pattern(self) -> str:
        """The default pattern for money, two decimals."""
        return f'#,##0.00\\ "{self.currency}"' if self.currency_after else f'"{self.currency}"#,##0.00'


def _numeric(name: str, order: str, date: str, currency: str, **more: object) -> Locale:
    time = str(more.pop("time", "hh:mm:ss"))
    made = Locale(name, order=order, date=date, time=time, date_time=f"{date} hh:mm:ss", currency=currency)
    return replace(made, **more)  # type: ignore[arg-type]  # the names are those of Locale's own fields


_GERMAN: dict[str, object] = {
    "months": (
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
        "Dezember",
    ),
    "short_months": ("Jan", "Feb", "März", "Apr", "Mai", "Juni", "Juli", "Aug", "Sept", "Okt", "Nov", "Dez"),
    "days": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "short_days": ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
    "decimal": ",", "group": ".", "true": "WAHR", "false": "FALSCH", "currency_after": True,
}  # fmt: skip
_FRENCH: dict[str, object] = {
    "months": (
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
        "décembre",
    ),
    "short_months": ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
    "days": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "short_days": ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."),
    "decimal": ",", "group": NARROW_NBSP, "true": "VRAI", "false": "FAUX", "currency_after": True,
}  # fmt: skip
_SPANISH: dict[str, object] = {
    "months": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
        "diciembre",
    ),
    "short_months": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"),
    "days": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "short_days": ("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
    "decimal": ",", "group": ".", "true": "VERDADERO", "false": "FALSO", "currency_after": True,
}  # fmt: skip
_INDIAN: dict[str, object] = {"indian_groups": True, "time": "h:mm:ss am/pm"}

# Locales of which only the numbers and dates are told apart; their months and truths are typed and shown in English.
_OTHERS = tuple(
    (name, order, date, currency, decimal, NBSP if group == "_" else group)
    for name, order, date, currency, decimal, group in (
        ("ar_EG", "DMY", "dd/mm/yyyy", "EGP", ".", ","), ("az_AZ", "DMY", "dd.mm.yyyy", "₼", ",", "."),
        ("be_BY", "DMY", "dd.mm.yyyy", "Br", ",", "_"), ("bg_BG", "DMY", "dd.mm.yyyy", "лв.", ",", "_"),
        ("ca_ES", "DMY", "dd/mm/yyyy", "€", ",", "."), ("cs_CZ", "DMY", "dd.mm.yyyy", "Kč", ",", "_"),
        ("cy_GB", "DMY", "dd/mm/yyyy", "£", ".", ","), ("el_GR", "DMY", "d/m/yyyy", "€", ",", "."),
        ("et_EE", "DMY", "dd.mm.yyyy", "€", ",", "_"), ("fa_IR", "YMD", "yyyy/mm/dd", "ریال", ".", ","),
        ("fi_FI", "DMY", "d.m.yyyy", "€", ",", "_"), ("fil_PH", "MDY", "m/d/yyyy", "₱", ".", ","),
        ("he_IL", "DMY", "dd/mm/yyyy", "₪", ".", ","), ("iw_IL", "DMY", "dd/mm/yyyy", "₪", ".", ","),
        ("hr_HR", "DMY", "dd.mm.yyyy", "€", ",", "."), ("hu_HU", "YMD", "yyyy.mm.dd", "Ft", ",", "_"),
        ("hy_AM", "DMY", "dd.mm.yyyy", "֏", ",", "_"), ("id_ID", "DMY", "dd/mm/yyyy", "Rp", ",", "."),
        ("in_ID", "DMY", "dd/mm/yyyy", "Rp", ",", "."), ("ka_GE", "DMY", "dd.mm.yyyy", "₾", ",", "_"),
        ("kk_KZ", "DMY", "dd.mm.yyyy", "₸", ",", "_"), ("lt_LT", "YMD", "yyyy-mm-dd", "€", ",", "_"),
        ("lv_LV", "DMY", "dd.mm.yyyy", "€", ",", "_"), ("mn_MN", "YMD", "yyyy.mm.dd", "₮", ".", ","),
        ("ms_MY", "DMY", "dd/mm/yyyy", "RM", ".", ","), ("my_MM", "DMY", "dd-mm-yyyy", "K", ".", ","),
        ("nb_NO", "DMY", "dd.mm.yyyy", "kr", ",", "_"), ("nn_NO", "DMY", "dd.mm.yyyy", "kr", ",", "_"),
        ("no_NO", "DMY", "dd.mm.yyyy", "kr", ",", "_"), ("pt_PT", "DMY", "dd/mm/yyyy", "€", ",", "_"),
        ("ro_RO", "DMY", "dd.mm.yyyy", "RON", ",", "."), ("sk_SK", "DMY", "d.m.yyyy", "€", ",", "_"),
        ("sl_SI", "DMY", "d.m.yyyy", "€", ",", "."), ("sr_RS", "DMY", "d.m.yyyy", "RSD", ",", "."),
        ("sw_KE", "DMY", "dd/mm/yyyy", "Ksh", ".", ","), ("th_TH", "DMY", "d/m/yyyy", "฿", ".", ","),
        ("uk_UA", "DMY", "dd.mm.yyyy", "₴", ",", "_"), ("ur_PK", "DMY", "dd/mm/yyyy", "Rs", ".", ","),
        ("vi_VN", "DMY", "dd/mm/yyyy", "₫", ",", "."), ("zh_HK", "DMY", "d/m/yyyy", "HK$", ".", ","),
        ("zh_TW", "YMD", "yyyy/m/d", "$", ".", ","),
    )
)  # fmt: skip

_LOCALES = {
    locale.name: locale
    for locale in (
        Locale("en_US"),
        _numeric("en_GB", "DMY", "dd/mm/yyyy", "£"),
        _numeric("en_IN", "DMY", "dd/mm/yyyy", "₹", **_INDIAN),
        _numeric("en_AU", "DMY", "dd/mm/yyyy", "$", time="h:mm:ss am/pm"),
        _numeric("en_NZ", "DMY", "d/mm/yyyy", "$", time="h:mm:ss am/pm"),
        _numeric("en_IE", "DMY", "dd/mm/yyyy", "€"),
        _numeric("en_ZA", "YMD", "yyyy/mm/dd", "R", decimal=",", group=NBSP),
        _numeric("en_CA", "YMD", "yyyy-mm-dd", "$", time="h:mm:ss am/pm"),
        _numeric("hi_IN", "DMY", "dd/mm/yyyy", "₹", **_INDIAN),
        _numeric("ta_IN", "DMY", "dd/mm/yyyy", "₹", **_INDIAN),
        _numeric("te_IN", "DMY", "dd/mm/yyyy", "₹", **_INDIAN),
        _numeric("bn_IN", "DMY", "dd/mm/yyyy", "₹", **_INDIAN),
        _numeric("gu_IN", "DMY", "dd/mm/yyyy", "₹", **_INDIAN),
        _numeric("mr_IN", "DMY", "dd/mm/yyyy", "₹", **_INDIAN),
        _numeric("kn_IN", "DMY", "dd/mm/yyyy", "₹", **_INDIAN),
        _numeric("ml_IN", "DMY", "dd/mm/yyyy", "₹", **_INDIAN),
        _numeric("pa_IN", "DMY", "dd/mm/yyyy", "₹", **_INDIAN),
        _numeric("de_DE", "DMY", "dd.mm.yyyy", "€", **_GERMAN),
        _numeric("de_AT", "DMY", "dd.mm.yyyy", "€", **_GERMAN),
        _numeric("de_CH", "DMY", "dd.mm.yyyy", "CHF", **{**_GERMAN, "decimal": ".", "group": "’"}),
        _numeric("fr_FR", "DMY", "dd/mm/yyyy", "€", **_FRENCH),
        _numeric("fr_CA", "YMD", "yyyy-mm-dd", "$", **{**_FRENCH, "group": NBSP}),
        _numeric("es_ES", "DMY", "d/m/yyyy", "€", **_SPANISH),
        _numeric(
            "es_MX", "DMY", "dd/mm/yyyy", "$", **{**_SPANISH, "decimal": ".", "group": ",", "currency_after": False}
        ),
        _numeric(
            "it_IT", "DMY", "dd/mm/yyyy", "€", decimal=",", group=".", currency_after=True, true="VERO", false="FALSO"
        ),
        _numeric("nl_NL", "DMY", "d-m-yyyy", "€", decimal=",", group=".", true="WAAR", false="ONWAAR"),
        _numeric("pt_BR", "DMY", "dd/mm/yyyy", "R$", decimal=",", group=".", true="VERDADEIRO", false="FALSO"),
        _numeric(
            "pl_PL",
            "DMY",
            "d.mm.yyyy",
            "zł",
            decimal=",",
            group=NBSP,
            currency_after=True,
            true="PRAWDA",
            false="FAŁSZ",
        ),
        _numeric(
            "sv_SE",
            "YMD",
            "yyyy-mm-dd",
            "kr",
            decimal=",",
            group=NBSP,
            currency_after=True,
            true="SANT",
            false="FALSKT",
        ),
        _numeric(
            "da_DK", "DMY", "dd/mm/yyyy", "kr.", decimal=",", group=".", currency_after=True, true="SAND", false="FALSK"
        ),
        _numeric(
            "ru_RU", "DMY", "dd.mm.yyyy", "₽", decimal=",", group=NBSP, currency_after=True, true="ИСТИНА", false="ЛОЖЬ"
        ),
        _numeric("tr_TR", "DMY", "dd.mm.yyyy", "₺", decimal=",", group=".", true="DOĞRU", false="YANLIŞ"),
        *(
            _numeric(name, order, date, currency, decimal=decimal, group=group, currency_after=True)
            for name, order, date, currency, decimal, group in _OTHERS
        ),
        _numeric("ja_JP", "YMD", "yyyy/mm/dd", "¥"),
        _numeric("zh_CN", "YMD", "yyyy-mm-dd", "¥"),
        _numeric("ko_KR", "YMD", "yyyy. m. d", "₩"),
    )
}


@lru_cache(maxsize=64)
def locale_of(name: str) -> Locale:
    """The facts for `name` ("en_IN", "en-IN", "de"); a sister of the same language, else en_US, for one not listed."""
    wanted = name.replace("-", "_")
    if wanted in _LOCALES:
        return _LOCALES[wanted]
    language = wanted.split("_")[0]
    sisters = [locale for listed, locale in _LOCALES.items() if listed.split("_")[0] == language]
    return sisters[0] if sisters else _LOCALES["en_US"]


def is_known(name: str) -> bool:
    """Whether the facts are those of this very locale or language, not a stand-in."""
    language = name.replace("-", "_").split("_")[0]
    return any(listed.split("_")[0] == language for listed in _LOCALES)
