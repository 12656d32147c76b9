"""A teacher's assignments: kept, made, chosen for the LMS.

In comes a teacher from any launch, or the LMS asking for assignments (deep linking); out goes an assignment written by
`assessment`, a link bound to it, or the signed answer that the LMS makes links of. This room writes only the answer of
a Selection; assignments are written by `assessment.making` and `assessment.assignments`, placements by `course`.

Read: shelf (what is there) · picker and selections (choosing for the LMS) · editor (making and changing) · importing
(packages of other software) · screens.
Words: the shelf is what a teacher may use; a draft is what stands in the editor's form, not yet saved; a selection is
one request of the LMS to choose.
"""
