"""Which languages Passback speaks, and its words where there is no page: a letter is written by a process that carries
no web framework."""

import gettext as catalogues
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.numbers import format_decimal

LANGUAGES = ("en", "es")
LOCALE_CHARACTERS = 35


def short_locale(locale: str | None) -> str | None:
    """A longer one is no language tag, and has no room in its column."""
    return locale if locale and len(locale) <= LOCALE_CHARACTERS else None


def spoken(locale: str | None) -> str | None:
    """The language of ours that a locale as LMSs write it (`es-MX`, `es_ES`) means, if it is one."""
    wanted = (locale or "").replace("_", "-").split("-")[0].lower()
    return wanted if wanted in LANGUAGES else None


@dataclass(frozen=True, slots=True)
class Words:
    """Texts in one language, with the same names as `tool.language` has: the catalogues are made from calls by them."""

    language: str

    def gettext(self, text: str, /, **values: object) -> str:
        return _catalogue(self.language).gettext(text) % values

    def ngettext(self, one: str, several: str, num: int, /, **values: object) -> str:
        """One of two texts, by number; `%(num)s` is the number as this language writes it."""
        told = {"num": format_decimal(num, locale=self.language), **values}
        return _catalogue(self.language).ngettext(one, several, num) % told


def words_for(locale: str | None) -> Words:
    """In the language of somebody whose LMS told this locale, as far as Passback speaks it."""
    return Words(spoken(locale) or LANGUAGES[0])


@cache
def _catalogue(language: str) -> catalogues.NullTranslations:
    folder = Path(__file__).parent / "translations"
    return catalogues.translation("messages", folder, [language], fallback=True)
