"""From an invitation to a platform of ours: the LMS is asked what it is, asked to register us, and written down.

Nothing is kept between the page that shows what will be asked and the press of its button: the page carries it, sealed.
No transaction is open while the LMS answers; what it granted and the end of the invitation are written in one.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any, cast

from tool.db import Database
from tool.errors import BadInput
from tool.lti.dynamic_registration import Granted, OurAddresses, propose, register
from tool.lti.errors import RegistrationRefused
from tool.lti.platform_configuration import PlatformConfiguration, fetch_configuration
from tool.outbound import Outbound
from tool.registration.invitations import Invited, Use, using
from tool.registration.platforms import NewPlatform, take_in
from tool.settings import Family


@dataclass(frozen=True, slots=True)
class Offer:
    """An LMS as it described itself, and the registration that would be sent to it."""

    configuration: PlatformConfiguration
    proposal: dict[str, Any]

    def as_text(self) -> str:
        """For a field of the page; to be sealed. Of long lists only what was chosen from them travels along."""
        told = asdict(self.configuration) | {"placements": {}, "variables": [], "scopes": []}
        return json.dumps({"configuration": told, "proposal": self.proposal}, separators=(",", ":"))


def make_offer(outbound: Outbound, ours: OurAddresses, url: str, token: str | None, *, allows_loopback: bool) -> Offer:
    """Ask the LMS behind `url` what it is. Raises RegistrationRefused."""
    configuration = fetch_configuration(outbound, url, token, allows_loopback=allows_loopback)
    return Offer(configuration, propose(configuration, ours))


def read_offer(text: str) -> Offer:
    """What `as_text` wrote; only for a text whose seal was checked."""
    content = json.loads(text)
    told = content["configuration"]
    lists = {name: tuple(told[name]) for name in ("scopes", "other_hosts", "frame_origins")}
    return Offer(PlatformConfiguration(**(told | lists | {"variables": frozenset()})), content["proposal"])


def sign_up(database: Database, outbound: Outbound, invited: Invited, offer: Offer, token: str | None) -> int:
    """Register with the LMS and write it down; returns the platform's id. Raises RegistrationRefused and BadInput;
    then nothing was written, and the invitation is as good as before."""
    with using(database, invited.id) as use:
        granted = register(outbound, offer.configuration, offer.proposal, token)
        try:
            return _write(database, invited, offer.configuration, granted, use)
        except BadInput as refusal:
            raise RegistrationRefused("not_kept", about=refusal.message) from None


def _write(
    database: Database, invited: Invited, configuration: PlatformConfiguration, granted: Granted, use: Use
) -> int:
    entry = NewPlatform(
        client_id=granted.client_id,
        auth_login_url=configuration.auth_login_url,
        auth_token_url=configuration.auth_token_url,
        key_set_url=configuration.key_set_url,
        auth_audience=configuration.auth_audience,
        name=configuration.name,
        family=cast(Family, configuration.family),
        deployment_ids=(granted.deployment_id,) if granted.deployment_id else (),
    )
    return take_in(
        database,
        configuration.issuer,
        entry,
        # Keys or tokens on a stranger's host are for a person to judge, whatever the invitation says.
        is_approved=invited.approves and not configuration.other_hosts,
        granted={
            "scopes": list(granted.scopes) if granted.scopes is not None else None,
            "missing": list(granted.missing),
            "placements": list(granted.placements),
            "other_hosts": list(configuration.other_hosts),
        },
        also=use.end_with,
    )
