"""The editor: an assignment as a form that may be unfinished, and the assignment file that comes out of it.

In comes a file or a posted form, out goes a draft, and of a draft without faults a file again. A draft holds the texts
as they were typed; it is stored nowhere but in the form itself.

Read: draft (its parts) · fields (form ↔ draft) · steps (what a button does to it) · numbers · checking (draft → file,
or what is wrong with which field) · preview · consequences (what saving does to work that was handed in).
Words: a step is one press of a button that changes the draft; a place is the name of a field or a part of the form.
"""
