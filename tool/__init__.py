"""Passback: an LTI 1.3 tool that brings every grade home to the LMS gradebook.

A grade falls down this list: launch → assessment → passback → lti → outbound → LMS. A room imports only rooms below it;
`pyproject.toml` has the arrows, and import-linter checks them.

Doors: cli · app · worker. Rooms: launch · assessment · passback · course · registration. Then access (who is on this
page), lti beside model (the protocol and the tables, which never meet), outbound beside db (the way out and the way in)
and the ground: settings, errors, clock, wake, logs. `demo_lms` and `demo_sis` stand apart and share nothing.
"""
