"""The next page's address from a Link header, however an LMS writes it. [RFC 8288 §3]"""

import re

# Moodle puts typographic quotes around the relation.
_LINK = re.compile(r"<([^<>]*)>([^<]*)")
_RELATION = re.compile(r""";\s*rel\s*=\s*(?:"([^"]*)"|'([^']*)'|[“”„]([^“”„]*)[“”„]|([^\s;,"'“”„]+))""", re.IGNORECASE)


def find_next_url(header: str) -> str | None:
    """The target of rel="next", with its capitals as they are, or None. It may be relative."""
    for target, params in _LINK.findall(_decode(header)):
        relation = _RELATION.search(params)
        if relation and "next" in "".join(group or "" for group in relation.groups()).lower().split():
            # Moodle escapes the address as if for a page. Only this one entity: "&copy=1" is a parameter.
            return str(target).strip().replace("&amp;", "&") or None
    return None


def _decode(header: str) -> str:
    """HTTP headers are read as Latin-1; Moodle writes UTF-8."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header
