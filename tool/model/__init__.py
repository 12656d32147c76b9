"""The tables, in six small files: base · platforms · people · work · passbacks · errands.

No rules live here. Each table has one writer: Platform, Customer, Deployment, KeptKeySet, ToolKey and KeptToken are
written by `registration`; Person, Course, Member, Placement and Opening by `course`; Assignment, Submission, Grade and
Mark by `assessment`; Launch and UsedNonce by `launch`; Passback and Attempt by `passback.ledger`, Reading by
`passback.reconcile`, Run and RunItem by `passback.runs`, Act by `passback.acts`; Errand by `errands`.
"""
