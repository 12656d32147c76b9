"""Runs: what is known here goes on to a class of the school's records, and what becomes of it is written down.

In: a teacher's press or a night (SisRun), the scores that `passback` knows, what `linking` knows of the class. Out:
line items and results by `oneroster`, and SisItem, SisScore, SisRun and SisRunLine, of which this room is the only
writer. No table of `passback` is written here, so the way to the LMS never waits for this one.

Read: states · dues · asking (a run is wanted) · agreement, associated, who, works, gathering (all that is known of an
item) · wanting (what should stand there) · turns (one run of a section at a time, again after trouble) · running (the
stages) · checking, twins · columns · scores · verifying · troubles (when to stop) · trips, settling, rows (small
transactions between the calls) · standing (the list for a page) · items, terms (a teacher's decisions) · nights.

A run may be killed anywhere and repeated: ids are the same each time, what is put is put again, and a fingerprint is
written only after the answer. Before something is sent, the print of what stood there is taken away: an answer that
never came may have been a yes.
"""
