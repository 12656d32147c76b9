"""Presses that were felt: Playwright takes one that nobody felt for a done one.

A page that comes anew, or a frame that grows, in the moment between aiming and pressing takes the button from under the
pointer. What the button did feel is never pressed again: it has to do what it says.
"""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Error, Frame, Locator

UNCHANGED = "did not change its state"
WATCH = """button => {
  window.isUntouched = true;
  button.addEventListener("click", () => delete window.isUntouched, { capture: true });
  button.addEventListener("watched", () => (window.isWatched = true));
  button.dispatchEvent(new Event("watched"));
  return Boolean(window.isWatched);
}"""

# A new page gives the focus to its own field or heading just before its first frame; what was focused before loses it.
SETTLED = """() => new Promise(done => {
  const look = () => document.readyState === "complete" ? done() : requestAnimationFrame(look);
  requestAnimationFrame(look);
})"""


def felt(press: Callable[..., None]) -> Callable[..., None]:
    """Playwright's `click`, `check` or `uncheck`, made again where the button felt nothing."""

    def press_until_felt(button: Locator, **options: Any) -> None:
        handle = button.element_handle(timeout=options.get("timeout"))
        frame = handle.owner_frame()
        assert frame is not None
        for is_last in (False, False, True):
            try:
                has_scripts = handle.evaluate(WATCH)
            except Error:  # the page came anew just then
                has_scripts = False
            try:
                press(button, **options)
            except Error as error:  # a box that is as it was
                if is_last or UNCHANGED not in error.message or not has_scripts or not is_untouched(frame):
                    raise
            else:
                if not has_scripts or not is_untouched(frame):
                    return

    return press_until_felt


def is_untouched(frame: Frame) -> bool:
    try:
        return bool(frame.evaluate("window.isUntouched === true"))
    except Error:  # the page is being left
        return False


def press_with_enter(button: Locator) -> None:
    """From the keyboard: the button has the focus, and Enter presses it."""
    button.evaluate(SETTLED)
    button.press("Enter")
