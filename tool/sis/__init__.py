"""Grades go on to the school's records (SIS): the second destination, by OneRoster.

In come a teacher's link of a course to a class of the SIS, and what `passback` knows of every student's score; out go
line items and results. A score is computed once: each destination has its own state, last-sent value and errors, and
neither waits for the other. Off until an operator makes a connection and a teacher links a section.

Read: plain (the values) · rules/ (pure: dates, periods, status, titles, matching, preflight) · remedies/ · oneroster/
(the standard on the wire) · vendors/ (presets as data) · connecting/ (an operator's connection) · linking/ (a teacher's
class, students, categories) · sync/ (runs, nights) · screens/.
Words: a connection is an agreement with one SIS; a section is a class of it linked to a course; an item is a placement
in a section; a run is one press of *Sync* or one night.
"""
