"""Make the virtual environment of the Open edX platform: `prepare.py TARGET_DIR`, printing its python.

Needs python3 with venv and pip, nothing else. A target that is complete for these requirements is left as it
is; a half-made or outdated one is made anew. Two calls for one target wait for each other.
"""

import argparse
import fcntl
import hashlib
import subprocess
import sys
import venv
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the virtual environment of the Open edX platform.")
    parser.add_argument("target", type=Path, help="folder of the virtual environment")
    target = parser.parse_args().target.absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.with_name(f"{target.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if target.exists() and any(target.iterdir()) and not (target / "pyvenv.cfg").exists():
            parser.error(f"{target} holds something else than a virtual environment; it is left alone")
        prepare(target)
    print(target / "bin" / "python")


def prepare(target: Path) -> None:
    """The mark is written last, so an interrupted installation is never taken for a complete one."""
    mark = target / "complete"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()
    if mark.exists() and mark.read_text() == wanted:
        return
    venv.create(target, clear=True, with_pip=True)
    pip = [str(target / "bin" / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    # pip reports on stderr: stdout carries the answer alone.
    subprocess.run([*pip, "install", "-r", str(REQUIREMENTS)], check=True, stdout=sys.stderr)
    subprocess.run([*pip, "check"], check=True, stdout=sys.stderr)
    mark.write_text(wanted)


if __name__ == "__main__":
    main()
