"""A person arrives from the LMS.

In come login initiations and signed launches; out goes a recorded launch with a secret of its own and a redirect to the
page its visitor wants. A state is signed, not stored; what makes a launch good only once is the unique row of its used
nonce, written in the same transaction as everything else the launch tells.

Where a browser keeps no cookie, the LMS's own storage ties the two halves together (storing), and the pages carry a
token (page_tokens, a floor below).

Read: cookies · storing · frames · selecting (the LMS asks to choose) · arriving · destinations · endpoints · screens.
Words: a login is the first step (the LMS says that somebody wants in), a launch the second (it says who).
"""
