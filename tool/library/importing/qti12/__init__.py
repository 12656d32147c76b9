"""QTI 1.2, as Canvas's classic quizzes, Common Cartridges and text2qti write it.

In come the documents of a package, out come sheets. Read: reading (assessments, sections, banks) · items (which type
an item is) · answers (its key) · rules (what its response processing makes of an answer) · material · settings.
"""
