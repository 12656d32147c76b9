"""What the teacher's pages show of a section, asked of the rows and put into words; nothing is written here.

Reading order: times (the district's days) · words (states, stages, kinds) · section (the night, the term) · items (the
list and one item) · students (of one item) · going (what would go now) · trouble (*View error*) · ticketing (the text
for the help desk) · runs, describing (the history) · acts, deciding (what was decided by hand) · tables (the history as
a file) · setting_up, refusals, privacy (the set-up).
"""
