"""A teacher grades by hand: what waits (`queue`), question by question or one student's whole work (`sheets`), and what
was typed for it (`fields`). What is given goes through `assessment.marking`, handing in and giving back through
`submitting` and `changing`. How the class did is counted in `results`.

Read: sheets · queue · fields · reviewing · results · screens.
Words: a sheet is one attempt of one student as the teacher reads it.
"""
