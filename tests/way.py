"""A way to a server that a story can cut: a small TCP relay on this machine."""

import contextlib
import socket
import threading


class Way:
    """Connections to `port` go on to `target` while the way is open; cutting it ends them in the middle."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._lock = threading.Lock()
        self._sockets: set[socket.socket] = set()
        self._is_open = True
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """What is under way ends in the middle, and nobody gets through."""
        with self._lock:
            self._is_open = False
            ending, self._sockets = self._sockets, set()
        for one in ending:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def mend(self) -> None:
        with self._lock:
            self._is_open = True

    def close(self) -> None:
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                here, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                is_open = self._is_open
            if not is_open:
                here.close()
                continue
            there = socket.create_connection(self._target)
            with self._lock:
                self._sockets |= {here, there}
            for source, drain in ((here, there), (there, here)):
                threading.Thread(target=_carry, args=(source, drain), daemon=True).start()


def _carry(source: socket.socket, drain: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65_536):
            drain.sendall(piece)
    for one in (source, drain):
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
