"""Sending: the sender and the errands, beside the pages or as a process of their own that carries no web framework."""

import signal
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

import click

from tool.cli.opening import open_parts, tell_environment
from tool.logs import configure_logs
from tool.parts import Parts
from tool.settings import load_settings
from tool.worker import Loops, in_threads, make_loops, only_sender, seed_errands

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@click.command()
def worker() -> None:
    """Send scores until stopped."""
    configure_logs()
    settings = load_settings()
    parts = open_parts(settings)
    with only_sender(settings):
        tell_environment(settings)
        loops = loops_of(parts)

        def stop() -> None:
            for loop in (loops.runner, loops.listener, loops.sender):
                loop.stop()

        _stop_at_signals(stop)
        with in_threads(loops.runner, loops.listener):
            click.echo("Passback sends.")
            loops.sender.run()


def loops_of(parts: Parts) -> Loops:
    """Everything that works beside the pages, and its standing work asked for."""
    seed_errands(parts.database)
    return make_loops(parts.settings, parts.database, parts.platforms, parts.outbound, parts.bell)


def working(parts: Parts) -> AbstractContextManager[Callable[[], bool]]:
    """All loops, in threads beside the caller, who is given what stops them ahead of the end."""
    loops = loops_of(parts)
    return in_threads(loops.sender, loops.runner, loops.listener)


def _stop_at_signals(stop: Callable[[], object]) -> None:
    """To be called before other threads are started. A thread waits for the signal, since a handler would run in the
    middle of anything, also where the lock is held that `stop` needs."""
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)

    def wait() -> None:
        signal.sigwait(STOP_SIGNALS)
        stop()

    threading.Thread(target=wait, name="signals", daemon=True).start()
