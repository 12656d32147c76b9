"""What a column is worth, changed because a teacher asked for it. [AGS §3.2.5.1]"""

import json
from decimal import Decimal

from tool.lti import quirks
from tool.lti.answers import is_readable, parse_json
from tool.lti.connector import Connector
from tool.lti.unverified import read_object
from tool.lti.vocabulary import LINE_ITEM_TYPE, SCOPE_LINE_ITEM


def resize_line_item(connector: Connector, url: str, maximum: Decimal) -> None:
    """Change the maximum of a column and nothing else: all the LMS tells of it goes back as it came, id and link too.

    Moodle replaces the whole item by what is sent. Raises ServiceError.
    """
    scopes = frozenset({SCOPE_LINE_ITEM})
    answer = connector.call("GET", url, scopes=scopes, accept=LINE_ITEM_TYPE)
    standing = read_object(parse_json(answer)) if is_readable(answer) else None
    if not standing:
        raise quirks.classify(connector.platform.family, answer)
    worth = int(maximum) if maximum == maximum.to_integral_value() else float(maximum)
    changed = connector.call(
        "PUT",
        url,
        scopes=scopes,
        accept=LINE_ITEM_TYPE,
        content_type=LINE_ITEM_TYPE,
        body=json.dumps({**standing, "scoreMaximum": worth}).encode(),
    )
    if changed.status >= 400:
        raise quirks.classify_column_refusal(connector.platform.family, changed)
