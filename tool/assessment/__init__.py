"""The work is done and graded: the only writer of Assignment, Submission and Grade.

In come assignment files (`questions`, `assignments`) and a student's answers (`submitting`); out goes a grade
(`autograding`, `grading`) that asks, in the same transaction, to be passed back.

Read: file_values · questions · autograding · assignments · submitting · grading · pages · screens.
Words: a submission is one attempt; a grade is what it earned; the score is only the number on the wire.
"""
