"""Which LMSs we trust, the keys and tokens between us, and how each of them may be asked at the moment.

In come the platforms of config.json and of the operator; out go the facts the protocol needs (`platforms`), our signing
key (`keys`), the platforms' kept key sets (`kept_key_sets`), access tokens and ready connections (`connection`), and
our public keys (`endpoints`). What the connections see of a platform (`watching`) decides how many requests it gets and
when (`pacing`, pure); all processes share that (`lanes`). Whether all of it works is tested by `checking`, step by step
(`checks`), for operators and for invited admins (`check_screens`).

New platforms are written by `platforms` (only writer of Platform; `trusted` reads them for the protocol), their
installations by `deployments` (only writer of Deployment and Customer). By hand: `presets` is what is known of each
LMS, `by_hand` its form with our values, `typed` what comes back, `missing` what is not there yet, `screens` the pages
of an invited admin.

An LMS that registers itself by an invitation's link (`invitations`, the only writer of them) goes through
`sign_up_endpoints` and `signing_up`; `granted` and `refusals` have the words, `borrowed` the one rule across platforms.

Read: trusted · platforms · deployments · new_platforms · presets · by_hand · typed · missing · screens · keys ·
kept_key_sets · connection · pacing · watching · lanes · endpoints · checking · check_screens · invitations ·
signing_up · borrowed · granted · refusals · sign_up_endpoints.
Words: a platform is (issuer, client id); a customer is (issuer, client id, deployment); a lane is the way to a
platform: open, paused or broken.
"""
