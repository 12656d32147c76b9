"""The operator's view of the installation: who may look, what there is to see, and trying again.

In come an operator's e-mail and password, then clicks; monitoring systems ask without signing in. Out go pages about
platforms, scores that need a person and errands that failed, and the numbers and states that machines read. Pages show
ids and titles, never a student's name.

Read: operators · tries · sessions · signing_in (who may look) · gate (every page is behind it) · health · needing ·
failing · platforms · hosts (what there is to see, and the retries) · screens; measures · readiness · endpoints (for
machines); cleaning; one_person (everything kept of a student, told or deleted, for the command line).
Words: an operator looks after the installation; a source is where a request came from; a slot counts tries.
"""
