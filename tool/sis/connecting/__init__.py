"""An operator's connection to a SIS: the only writer of SisConnection.

In come what an operator types (`typed`) and a vendor's preset; secrets are sealed before they are stored (`sealing`).
Out goes an open client for whoever sends or asks (`connections.opener`), and a test step by step (`testing`, `trying`).

Read: sealing · pacing (when the next request may go) · connections · typed · testing (the steps) · trying (one test, in
its turn and its time).
"""
