"""The work is done and graded: the only writer of Assignment, Submission, Grade and Mark.

In come assignment files (`questions`, `assignments`; `making` for teachers' own), a student's answers (`submitting`),
the clock (`closing`) and what a teacher gives for answers (`marking`); out goes a grade (`autograding`, `marks`,
`grading`) whose counted score (`counting`) asks, in the same transaction, to be passed back. After the hand-in work can
change: `changing`, `second_hand_in`. Work is of an assignment in a link; when the link is bound to another one:
`rebinding`.

Read: file_values · questions · autograding · marks · counting · records · grading · assignments · making · page_mark ·
submitting · marking · second_hand_in · changing · closing · rebinding · pages · outcome · kept · screens (of the
student) · teacher · settings.
Words: a submission is one attempt; a grade is what it earned; a mark is what a person gave for one answer; the score
is only the number on the wire.
"""
