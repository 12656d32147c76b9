"""Words for people, in the visitor's language; gettext with types.

The message catalogues are made from calls by these names, so a text stands whole in its call.
"""

import flask_babel


def gettext(text: str, /, **values: object) -> str:
    """The text in the visitor's language, `%(name)s` filled in."""
    return str(flask_babel.gettext(text, **values))


def ngettext(one: str, several: str, num: int, /, **values: object) -> str:
    """One of two texts, by number."""
    return str(flask_babel.ngettext(one, several, num, **values))


def lazy_gettext(text: str) -> object:
    """A text of a table made at import; `str()` of it, while a page is made, is in the visitor's language."""
    return flask_babel.lazy_gettext(text)
