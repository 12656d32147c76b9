"""QTI 2.1 and 2.2, told apart from 1.2 by their elements; namespaces are not looked at.

In come the documents of a package, out come sheets. Read: reading (tests and their sections) · items (one item) · body
(its text) · declared (what the file says is right) · answers and pairs (keys).
"""
