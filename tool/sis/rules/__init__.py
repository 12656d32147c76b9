"""The decisions of this room, on plain values: no web, no database, no clock; whoever calls tells what time it is.

In come facts that `sync.gathering` and `linking` read, and the class list of the SIS; out go due dates and periods, the
status of a score, titles that fit, fingerprints of what was sent, who is which student, what may go tonight, and what
would go wrong if it were sent now.

Read: dates · titles · status · fingerprints · matching · criteria · facts · finding · checks/ (one file for each thing
looked at) · preflight (all of them, in order).
"""
