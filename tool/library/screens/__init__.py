"""The library's pages: shelf (the list) · editor with its sheet and views · rights · ways (where it leads back to) ·
picker (choosing for the LMS) · binding (choosing for a link that has none) · importing."""

from tool.library.screens import binding, editor, importing, picker, shelf
from tool.library.screens.room import blueprint

__all__ = ["binding", "blueprint", "editor", "importing", "picker", "shelf"]
