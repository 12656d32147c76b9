"""`python -m tests.presets_beside`: Passback as `python -m tool` starts it, but the hosts in the presets of Moodle and
Schoology are played by the demo LMS at the address in LMS_BESIDE."""

import os
from dataclasses import replace

from tool.cli import main
from tool.registration import presets

ADDRESSES = {"auth_login_url": "/lti/authorize", "auth_token_url": "/lti/token", "key_set_url": "/lti/jwks"}


def play_hosts(lms_url: str) -> None:
    """Moodle's stand on the school's own site, which is typed in; Schoology's are the same for everybody."""
    for key, host in (("moodle", presets.ANY_SITE), ("schoology", lms_url)):
        played = {name: host + path for name, path in ADDRESSES.items()}
        presets._BY_KEY[key] = replace(presets._BY_KEY[key], issuer=host, **played)  # type: ignore[arg-type]


if __name__ == "__main__":
    play_hosts(os.environ["LMS_BESIDE"])
    main()
