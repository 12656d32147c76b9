"""A draft as its student would meet it."""

from typing import Any

from tool.library.editor.checking import points_of
from tool.library.editor.draft import Draft


def preview_questions(draft: Draft) -> list[dict[str, Any]]:
    """What templates/assessment/_question.html shows, of questions that need not be finished."""
    return [
        {
            "id": question.id,
            "number": number,
            "type": question.kind,
            "prompt": question.prompt,
            "points": points_of(question),
            "choices": [{"id": one.id, "text": one.text} for one in question.choices if one.text.strip()],
            "answer": [] if question.kind == "multiple_choice" else "",
            "is_unanswered": True,
        }
        for number, question in enumerate(draft.questions, start=1)
    ]
