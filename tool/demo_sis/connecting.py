"""Everything a tool's operator has to know to connect to this SIS, as its district would hand it over."""

from tool.demo_sis.sis import CLIENT_ID, CONSTANT_TOKEN, SECRET, VENDOR_HEADER, VENDOR_VALUE, Sis


def describe_connection(sis: Sis) -> dict[str, object]:
    """`profile`: what of this SIS differs from a plain OneRoster server, in words a vendor's documents would use."""
    settings = sis.settings
    is_constant, needs_header = settings.auth == "bearer", settings.needs_vendor_header
    return {
        "name": "Demo SIS",
        "vendor": "generic",
        "version": settings.version,
        "auth": settings.auth,
        "rostering_url": sis.rostering_url,
        "gradebook_url": sis.gradebook_url,
        "resources_url": sis.resources_url,
        "token_url": sis.token_url if settings.auth == "oauth2" else None,
        "client_id": None if is_constant else CLIENT_ID,
        "secret": CONSTANT_TOKEN if is_constant else SECRET,
        "vendor_header": VENDOR_VALUE if needs_header else None,
        "signature_method": settings.signature_method or "HMAC-SHA1",
        "secret_expires_on": None,
        "time_zone": settings.time_zone,
        "nightly_hour": 2,
        "profile": {
            "ids": settings.ids,
            "title_limit": settings.title_limit,
            "whole_points": settings.needs_whole_points,
            "allows_above_maximum": settings.allows_above_maximum,
            "exempt": "exempt" if settings.takes_exempt else "zero_and_exempt",
            "sends_flags": not sis.is_old,
            "category_class_key": settings.category_class_key or None,
            "vendor_header": VENDOR_HEADER if needs_header else None,
            "requests_per_second": 50.0,
        },
    }
