"""A teacher grades by hand: what waits (`queue`), question by question or one student's whole work (`sheets`), and what
was typed for it (`fields`). What is given goes through `assessment.marking`, handing in and giving back through
`submitting` and `changing`.

Read: sheets · queue · fields · screens.
Words: a sheet is one attempt of one student as the teacher reads it.
"""
