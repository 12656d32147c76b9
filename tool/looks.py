"""What every template knows: filters, static addresses, the visitor's language."""

from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path

import nh3
from babel.numbers import format_decimal, format_percent
from flask import Flask, current_app, g, request, url_for
from flask_babel import format_datetime, get_locale
from markdown_it import MarkdownIt
from markupsafe import Markup

from tool.spoken import LANGUAGES, spoken

# What a teacher's text may hold; no pictures and no links out of the page.
ALLOWED_TAGS = frozenset(
    {
        *("p", "br", "strong", "em", "code", "pre", "blockquote", "ul", "ol", "li", "h3", "h4", "sub", "sup", "hr"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
)

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def choose_locale() -> str:
    """The launch's language, else the browser's, as far as Passback speaks it."""
    visitor = g.get("visitor")
    told = spoken(visitor.locale) if visitor is not None else None
    return told or request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def teach(app: Flask) -> None:
    """Give templates their filters and globals."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["get_locale"] = get_locale
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.filters["when"] = when
    app.jinja_env.filters["points"] = points
    app.jinja_env.filters["plain_points"] = plain_points
    app.jinja_env.filters["percent"] = percent
    app.jinja_env.filters["rich"] = rich


def asset(name: str) -> str:
    """The address of a static file; it changes with the file, so that it may be kept for long."""
    return url_for("static", filename=name, v=_version(name))


def is_lasting(name: str, version: str | None) -> bool:
    """Whether a static file that is there may be kept for good under its address.

    Another version of Passback on the same address (one that is being replaced) may hold another file of that name.
    """
    bears_its_version = name.startswith("vendored/")
    return bears_its_version or version == _version(name)


def _version(name: str) -> str:
    return _digest(Path(current_app.static_folder or "") / name)


@cache
def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:10]


def when(moment: datetime) -> Markup:
    """A time for people, with the exact one beside it; a script shows it in the reader's own zone."""
    exact = moment.isoformat(timespec="seconds")
    return Markup('<time datetime="{}" class="when">{}</time>').format(
        exact, format_datetime(moment, "d MMM, HH:mm 'UTC'")
    )


def points(value: Decimal) -> str:
    """A number of points as the reader writes numbers (8.5, 8,5), without trailing zeros."""
    return str(format_decimal(value, "0.##########", locale=get_locale()))


def plain_points(value: Decimal) -> str:
    """The same for a field or a script, which know one way of writing."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(share: float) -> str:
    """A share of one as whole percent (67%, 67 %)."""
    return str(format_percent(share, locale=get_locale()))


@lru_cache(maxsize=2000)
def rich(text: str) -> Markup:
    """A teacher's markdown as safe markup."""
    return Markup(nh3.clean(_markdown.render(text), tags=set(ALLOWED_TAGS), attributes={}))  # noqa: S704 - cleaned above
