"""Courses, the people in them, and where assignments are placed: the only writer of Person, Course, Member,
Placement and Opening.

In comes a verified launch (`arrivals`) or the LMS's roster (`roster`); out go rows that other rooms read, and the one
gradebook column of a placement (`columns`), which is never another course's (`whose_column`). A link that was copied
from an earlier course finds its assignment (`copies`); a launch may ask for one student's work (`reviews`). Nothing
stored is ever overwritten by a claim that a later launch leaves out: privacy settings and odd placements make LMSs send
less the second time.

Read: arrivals · seen_link · copies · reviews · whose_column · columns · roster.
Words: a placement is an assignment in one resource link of one course; a column is what teachers call a line item.
"""
