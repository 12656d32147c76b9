"""Runs: one press of *Send*, *Send again*, *Zeros for missing work* or *Undo*. The only writer of Run and RunItem.

A press writes the run and asks for an errand (`starting`); the errand reads the LMS's grades first, keeps what stood
there before, holds what a person changed in the LMS, and wishes the rest (`preparing`). No request of a teacher waits
for the LMS. `following` says how far a run is, and whether it can be undone.
"""
