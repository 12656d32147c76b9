"""Background work that is not a score: reading rosters and results, preparing runs, the night.

The only writer of Errand. One row per (kind, subject): asking twice is asking once, and of one errand one runs at a
time, whatever the number of processes. What is asked for while it runs is run again afterwards, since what it has read
may be older than the asking.

Read: asking (ask, plans, state) · leasing (claim, renew, finish, give back) · runner (the loop and its threads).
"""

from tool.errands.asking import ErrandState, Plan, ask, plans, state
from tool.errands.leasing import ClaimedErrand, claim, finish
from tool.errands.runner import Runner, Work

__all__ = ["ClaimedErrand", "ErrandState", "Plan", "Runner", "Work", "ask", "claim", "finish", "plans", "state"]
