"""A browser without a screen: cookies per host, redirects, forms. It keeps `Partitioned` cookies as Chromium does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

import urllib3

Fields = list[tuple[str, str]]


@dataclass
class Form:
    action: str
    method: str
    fields: Fields = field(default_factory=list)

    def with_fields(self, *pairs: tuple[str, str]) -> "Form":
        """The form with these fields in place of those of the same names."""
        names = {name for name, _ in pairs}
        kept = [pair for pair in self.fields if pair[0] not in names]
        return Form(self.action, self.method, [*kept, *pairs])


@dataclass
class Page:
    url: str
    status: int
    headers: Mapping[str, str]
    text: str

    def form(self, ending: str = "") -> Form:
        """The page's first form whose address ends like that, as it stands before anybody touches it."""
        reader = _FormReader()
        reader.feed(self.text)
        forms = [form for form in reader.forms if form.action.endswith(ending)]
        assert forms, f"no form {ending} on {self.url}: {self.text[:500]}"
        form = forms[0]
        return Form(urljoin(self.url, form.action), form.method, form.fields)

    @property
    def words(self) -> str:
        """What a reader sees of the page's main part, in one line."""
        reader = _WordReader()
        reader.feed(self.text)
        return " ".join(" ".join(reader.words).split())


class ScriptedBrowser:
    """One person's browser. `is_framed` says that its pages stand in an LMS's iframe."""

    def __init__(self, *, is_framed: bool = True, takes_cookies: bool = True) -> None:
        self.is_framed = is_framed
        self.takes_cookies = takes_cookies
        self.cookies: dict[str, dict[str, str]] = {}
        self._http = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(30))

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Page:
        return self._follow("GET", url, None, headers)

    def post(self, url: str, fields: Iterable[tuple[str, str]], headers: Mapping[str, str] | None = None) -> Page:
        return self._follow("POST", url, urlencode(list(fields)), headers)

    def submit(self, form: Form, headers: Mapping[str, str] | None = None) -> Page:
        if form.method == "get":
            return self.get(f"{form.action}?{urlencode(form.fields)}", headers)
        return self.post(form.action, form.fields, headers)

    def send(self, method: str, url: str, body: str | None = None, headers: Mapping[str, str] | None = None) -> Page:
        """One request, no redirect followed."""
        sent = {"Sec-Fetch-Dest": "iframe" if self.is_framed else "document", **(headers or {})}
        host = urlsplit(url).netloc
        if self.cookies.get(host):
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies[host].items())
        if body is not None:
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        answer = self._http.request(method, url, body=body, headers=sent, redirect=False)
        if self.takes_cookies:
            self._keep(host, answer.headers.getlist("Set-Cookie"))
        return Page(url, answer.status, dict(answer.headers), answer.data.decode("utf-8", "replace"))

    def _follow(self, method: str, url: str, body: str | None, headers: Mapping[str, str] | None) -> Page:
        page = self.send(method, url, body, headers)
        for _ in range(10):
            target = page.headers.get("Location") or page.headers.get("location")
            if page.status not in (301, 302, 303, 307, 308) or not target:
                return page
            page = self.send("GET", urljoin(page.url, target), None, headers)
        raise AssertionError(f"more than ten redirects from {url}")

    def _keep(self, host: str, lines: list[str]) -> None:
        jar = self.cookies.setdefault(host, {})
        for line in lines:
            pair, *attributes = line.split(";")
            name, _, value = pair.partition("=")
            is_gone = any(one.strip().lower() == "max-age=0" for one in attributes)
            if is_gone:
                jar.pop(name, None)
            else:
                jar[name] = value


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(at.get("action", ""), at.get("method", "get").lower()))
        if not self.forms or not at.get("name"):
            return
        if tag == "textarea":
            self._textarea = ""
            self.forms[-1].fields.append((at["name"], ""))
        if tag != "input":
            return
        is_box = at.get("type") in ("radio", "checkbox")
        if not is_box or "checked" in at:
            self.forms[-1].fields.append((at["name"], at.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self._textarea += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._textarea is not None:
            name, _ = self.forms[-1].fields[-1]
            self.forms[-1].fields[-1] = (name, self._textarea.removeprefix("\n"))
            self._textarea = None


class _WordReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._depth += tag == "main" or (self._depth > 0 and tag in ("noscript",))

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag == "main" or (self._depth > 0 and tag in ("noscript",))

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.words.append(data)
