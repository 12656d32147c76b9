"""Which hosts belong to a registration, so that its token goes to no other."""

from tool.lti.answers import explain_outbound
from tool.lti.platform import PlatformFacts
from tool.outbound import Address, OutboundError, read_address


def read_service_address(url: str) -> Address:
    try:
        return read_address(url)
    except OutboundError as error:
        raise explain_outbound(error) from None


def own_hosts(platform: PlatformFacts) -> frozenset[str]:
    """The hosts the registration itself names."""
    hosts = set()
    for url in (platform.issuer, platform.auth_token_url, platform.auth_login_url, platform.key_set_url):
        try:
            hosts.add(read_address(url or "").host)
        except OutboundError:
            continue  # an issuer need not be a full address: Blackboard's and others' are names
    return frozenset(hosts)
