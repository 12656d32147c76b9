"""The protocol room: LTI 1.3 and LTI Advantage, on top of PyLTI1p3; it knows no web framework and no database.

What comes in: the parameters of a login, the form of a launch, a score to send, a column or a roster to read.
What goes out: plain frozen values, or an error: `LaunchRefused`, `ServiceError`, `RegistrationRefused`.

Reading order:
  vocabulary      the standards' names                  platform        an LMS we trust, and the port to find it
  errors          the errors                            refusal_texts, service_texts   their words
  login           a launch begins                       id_token        a launch is proved, rung by rung
  token_format    a token taken apart                   claims, roles   what it says and what that means
  key_set         the platform's keys                   tool_keys       ours
  access_token    asking for a token                    connector       calls that carry it
  hosts           where the token may go                link_header     the next page of a list
  line_items      columns                               scores          the grade goes home
  results         the gradebook read back               memberships     the roster
  deep_linking    choosing for the LMS                  wanted          what a launch should tell besides
  quirks          how each LMS differs, in one place    answers         what is the same for all
  custom_parameters                                     their values, and the histories of what was copied
  submission_url  the address of one student's work, for Canvas
  unverified      readers for what nobody vouched for   due_dates       the LMS's own due date
  platform_addresses, platform_configuration            what an LMS says of itself, judged
  dynamic_registration                                  what we ask of it, what it grants
  sealed          what PyLTI1p3 brings along, not to be used

Where the room needs something kept it declares a port and another room implements it: `PlatformRegistry`,
`KeySetStore`, `TokenSource`.
"""
