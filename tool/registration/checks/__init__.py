"""The steps of a test of the connection to one platform, in the order in which they build on each other.

In come a registration and what is known of it (`subject`); out goes one `Step` for each thing that has to be right,
with a state, what was found and what mends it. Nothing is stored but whose turn it is, and no step shows a token or a
person's name.

Read: steps · subject · asking (limits in time, the LMS's clock) · words (an LMS's refusal in plain words) · addresses ·
key_set · tokens · course · ourselves · history · turns. `tool.registration.checking` runs them.
"""
