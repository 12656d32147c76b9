"""Chaos: no score is lost, stale or doubled, whatever breaks. Real processes on one side, a stub platform on the other.

wanted says which scores shall stand in the gradebook. feeder and hands put them into the tool, by its own writer and by
real hand-ins; actors kill and pause the tool's processes; the platform answers badly by a seeded plan and keeps a
journal. At the end oracle compares three books that know nothing of each other: what was wanted, what the platform
holds, and what the tool's own tables say.

Read: wanted · faults, wire, gradebook, tokens, bucket, calls, platform, control, lms · world, feeder, hands, actors ·
taken, tables, oracle · options, report, run · storm, outage, hanging, columns, paused, failpoints: each of these six
runs as `python -m tests.chaos.storm` does, and `make chaos` runs them all.
"""
