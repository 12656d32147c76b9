"""A pretend LMS for trying Passback and for testing it.

It shares no code with the tool and speaks to it over HTTP only.

In: browsers (pages), the tool (login, token, line items, scores, results, members), tests (the control addresses).
Out: one request, for the tool's key set. All state is in memory and gone when it stops.

Reading order: records, seed, world (who and what there is) · manners/ (how real LMSs differ) · lms (the parts put
together) · launches, claims, signing, oidc (a person goes to the tool) · key_reading, tokens (the tool comes back) ·
line_items, scores, results, memberships, paging (what it may ask for) · moods, journal, gate (misbehaving on purpose,
and the diary) · pages, control (for people, for tests) · server, serving (the door).

Words: a *column* is a line item, a *cell* one learner's place in it; a *manner* is the LMS we imitate, chosen at
start; a *mood* is how it misbehaves at the moment.
"""
