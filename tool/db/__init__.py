"""The one way in to the database: SQLite embedded, or PostgreSQL shared by any number of processes.

Read: database (transactions) · notices (waking other processes).
"""

from tool.db.database import Database, one_at_a_time, upsert, upserting, what_may_lose_commits
from tool.db.notices import ERRAND, SCORE, hear, tell

__all__ = [
    "ERRAND",
    "SCORE",
    "Database",
    "hear",
    "one_at_a_time",
    "tell",
    "upsert",
    "upserting",
    "what_may_lose_commits",
]
