"""The tables: base · platforms · people · work · passbacks · delivering · errands · digests · operators · sis(_syncs).

No rules live here. Each table has one writer: Platform, Customer, Deployment, KeptKeySet, ToolKey, KeptToken and
CheckTurn are written by `registration`; Person, Course, Member, Placement and Opening by `course`; Assignment,
Submission, Grade and Mark by `assessment`; Launch and the making of a Selection by `launch`, its answer by
`library`; Passback and Attempt by
`passback.ledger`, Reading by `passback.reconcile`, Run and RunItem by `passback.runs`, Act by `passback.acts`,
DigestMail by `passback.digest`; Errand by `errands`; Operator, OperatorSession and SignInTally by `admin`. Of the
school's records SisConnection is written by `sis.connecting`, SisSection, SisMatch, SisCategoryLink and what was read
there (SisPeriod, SisCategory, SisStudent) by `sis.linking`, SisItem, SisScore, SisRun and SisRunLine by `sis.sync`,
SisAct by whoever acted.
"""
