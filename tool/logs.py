"""Structured logs: one JSON object a line, ids and codes only, whoever writes it."""

import logging
import sys
import traceback
from typing import TextIO, cast

import structlog
from structlog.typing import EventDict, WrappedLogger

from tool.log_lines import PatientLines


def configure_logs() -> None:
    """To standard error. Callers log ids and codes; never names, answers or tokens."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_only_places,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=cast(TextIO, PatientLines(sys.stderr))),
    )
    logging.basicConfig(handlers=[LibraryLines(logging.WARNING)], level=logging.WARNING)


class LibraryLines(logging.Handler):
    """What a library has to say, as a line of ours. Its sentence goes without what it filled in, which may be
    anything: an address with somebody's id in it, a header, a text of an LMS."""

    def emit(self, record: logging.LogRecord) -> None:
        said = str(record.msg) if record.args else None
        error = record.exc_info[1] if record.exc_info else None
        place = f"{record.module}:{record.lineno}"
        tell = structlog.get_logger().error if record.levelno >= logging.ERROR else structlog.get_logger().warning
        tell("library.said", library=record.name, place=place, said=said, exc_info=error)


def keep_only_places(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Of an exception, the kind and the lines of code: its text may quote what a person typed or an LMS sent."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["places"] = [
            f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)[-8:]
        ]
    return event
