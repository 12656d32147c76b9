"""The base of every error that a person may read."""


def marked(text: str) -> str:
    """A text of a room that knows no language: whoever shows it translates it (`language.told`). Catalogues are made
    from calls by the name `_`."""
    return text


class PassbackError(Exception):
    """Something went wrong and a person can be told about it.

    `message` says in plain words what happened; `hint` says what to do next. Neither ever holds a secret, a token
    or personal data: both may reach a page, a log or a terminal. `{about}` in the message is filled with `filling`.
    """

    def __init__(self, message: str, hint: str = "", *, filling: str = "") -> None:
        self.text = message
        self.filling = filling
        self.message = message.replace("{about}", filling)
        self.hint = hint
        super().__init__(self.message)


class BadInput(PassbackError):
    """What a person or a file gave us cannot be used; nothing was changed."""


class NotThere(BadInput):
    """Nothing of this page has that id. One of another course, student or customer is answered by the same words."""
