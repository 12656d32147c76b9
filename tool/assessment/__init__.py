"""The work is done and graded: the only writer of Assignment, Submission, Grade and Mark.

In come assignment files (`questions`, `assignments`), a student's answers (`submitting`), the clock (`closing`) and
what a teacher gives for answers (`marking`); out goes a grade (`autograding`, `marks`, `grading`) whose counted score
(`counting`) asks, in the same transaction, to be passed back. After the hand-in work can change: `changing`,
`second_hand_in`.

Read: file_values · questions · autograding · marks · counting · records · grading · assignments · submitting ·
marking · second_hand_in · changing · closing · pages · outcome · screens (the student's) · teacher · settings.
Words: a submission is one attempt; a grade is what it earned; a mark is what a person gave for one answer; the score
is only the number on the wire.
"""
