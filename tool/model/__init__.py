"""The tables, in five small files: base · platforms · people · work · passbacks.

No rules live here. Each table has one writer: Platform, Customer, Deployment, KeptKeySet, ToolKey and KeptToken are
written by `registration`; Person, Course, Member, Placement and Opening by `course`; Assignment, Submission and Grade
by `assessment`; Launch and UsedNonce by `launch`; Passback and Attempt by `passback.ledger`.
"""
