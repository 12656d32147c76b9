"""A teacher sets the rules of an assignment and mends its answer key. What is written goes through
`assessment.assignments`, which grades anew what was handed in.

Read: choices (the settings' form) · school_form, school (its part for the school's records) · key (the answer key's
form) · reach (whom a change concerns) · screens.
"""
