"""The ledger: the only writer of Passback and Attempt.

A wish is written in the transaction of the grade that causes it, so there is no message that could be lost. A sender
leases due rows, commits, sends what is wanted now, and settles. Two wishes for one student fold into one send; two
sends for one row never run together; a late answer whose lease has run out is written down and changes nothing else.

Read: entries (the values) · turning (to another assignment of the link) · wishing · queues (what is due) · claiming ·
settling.
"""
