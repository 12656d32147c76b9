"""A page as a browser takes it: what it asks for, and what it would run."""

from html.parser import HTMLParser


class Reader(HTMLParser):
    """Every address that a page makes a browser ask, lead to or send to, and whatever would run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.inline: list[str] = []
        self._tag = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag = tag
        for name, value in attrs:
            if name in ("src", "srcset", "data", "poster", "action", "formaction", "background", "ping", "manifest"):
                self.asked.append(value or "")
            if name == "href" and tag != "a":
                self.asked.append(value or "")
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.inline.append(f"{tag} {name}")
        if tag in ("script", "style") and "src" not in dict(attrs):
            self.inline.append(tag)
        if tag in ("iframe", "object", "embed", "base", "applet", "frame"):
            self.inline.append(tag)
