"""The protocol room: LTI 1.3 and LTI Advantage, on top of PyLTI1p3; it knows no web framework and no database.

What comes in: the parameters of a login, the form of a launch, a score to send, a column or a roster to read.
What goes out: plain frozen values, or one of two errors, `LaunchRefused` and `ServiceError`.

Reading order:
  vocabulary      the standards' names                  platform        an LMS we trust, and the port to find it
  errors          the two errors                        refusal_texts   their words for people
  login           a launch begins                       id_token        a launch is proved, rung by rung
  token_format    a token taken apart                   claims, roles   what it says and what that means
  key_set         the platform's keys                   tool_keys       ours
  access_token    a token, and calls that carry it      hosts           where the token may go
  line_items      columns                               scores          the grade goes home
  results         the gradebook read back               memberships     the roster
  quirks          how each LMS differs, in one place    answers         what is the same for all
  link_header     the next page of a list               unverified      readers for what nobody vouched for
  sealed          what PyLTI1p3 brings along and must not use

Where the room needs something kept it declares a port and another room implements it: `PlatformRegistry`,
`KeySetStore`, `TokenSource`.
"""
