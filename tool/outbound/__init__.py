"""The one way out: every HTTP request the tool makes leaves through here.

A request never follows a redirect, never reads proxies or credentials from the environment, ends at a total time
limit whatever the other side does, and reaches public addresses only. In development loopback may be reached too,
also over plain http, so that a demo LMS on this machine works.

Reading order: errors, address (what may be reached), connection (sockets that keep the limits), client, in_time (one
end for several requests).
"""

from tool.outbound.address import Address, read_address
from tool.outbound.client import Answer, Outbound
from tool.outbound.errors import OutboundError
from tool.outbound.in_time import InTime

__all__ = ["Address", "Answer", "InTime", "Outbound", "OutboundError", "read_address"]
