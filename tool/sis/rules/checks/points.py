"""What the item is worth: a number above zero, whole where the SIS wants it so."""

from collections.abc import Iterator

from tool.sis.rules.checks.saying import find, say_number
from tool.sis.rules.facts import ItemFacts
from tool.sis.rules.finding import Finding


def check_points(facts: ItemFacts) -> Iterator[Finding]:
    points = facts.points
    if not facts.is_points_based:
        yield find(facts, "score.not_numeric", "item")
    elif facts.last_refusal == "score.not_numeric":  # the column there has letters; somebody may have changed it since
        yield find(facts, "score.not_numeric", "item", blocks=False)
    if points is None or not points.is_finite() or points <= 0:
        yield find(facts, "points.none", "item")
    elif facts.profile.whole_points and points != points.to_integral_value():  # Skyward: 8.5 of 10, never 8 of 10.5
        yield find(facts, "points.fraction", "item", points=say_number(points))
