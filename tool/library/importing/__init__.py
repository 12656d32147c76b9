"""Assignments out of other software's files, with a true account of what was kept, changed and left out.

In comes an uploaded file: a QTI 1.2 or 2.1 package, a lone QTI document, or our own assignment file. Out come
assignments that could be stored, and for each item of the file one line of the report. Nothing is written to disk and
nothing is stored by looking: what was found travels sealed in the page's form until the teacher stores it.

Read: report (the values) · package and documents (opening without harm) · soup and markup (HTML to our text) ·
drafting (an item on its way) · assembling (items to assignments) · qti12 · qti21 · reading (the whole way) · sealing ·
storing.
Words: an item is what the file calls a question, several of ours can come of it; a key is what counts as right; a note
is one thing that became different.
"""
