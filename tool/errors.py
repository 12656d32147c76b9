"""The base of every error that a person may read."""


class PassbackError(Exception):
    """Something went wrong and a person can be told about it.

    `message` says in plain words what happened; `hint` says what to do next. Neither ever holds a secret, a token
    or personal data: both may reach a page, a log or a terminal.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class BadInput(PassbackError):
    """What a person or a file gave us cannot be used; nothing was changed."""
