"""Words for people, in the visitor's language; gettext with types.

The message catalogues are made from calls by these names, so a text stands whole in its call.
"""

import flask_babel

from tool.errors import PassbackError


def gettext(text: str, /, **values: object) -> str:
    """The text in the visitor's language, `%(name)s` filled in."""
    return str(flask_babel.gettext(text, **values))


def ngettext(one: str, several: str, num: int, /, **values: object) -> str:
    """One of two texts, by number."""
    return str(flask_babel.ngettext(one, several, num, **values))


def lazy_gettext(text: str) -> object:
    """A text of a table made at import; `str()` of it, while a page is made, is in the visitor's language."""
    return flask_babel.lazy_gettext(text)


def told(error: PassbackError) -> tuple[str, str]:
    """What an error says and what to do next, in the visitor's language. One that was translated where it was raised
    stays as it is."""
    message = str(flask_babel.gettext(error.text)) if error.text else ""
    hint = str(flask_babel.gettext(error.hint)) if error.hint else ""
    return message.replace("{about}", error.filling), hint
