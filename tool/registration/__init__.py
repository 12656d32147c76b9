"""Which LMSs we trust, and the keys and tokens between us.

In come the platforms of config.json and of the operator; out go the facts the protocol needs (`platforms`), our signing
key (`keys`), the platforms' kept key sets (`kept_key_sets`), access tokens and ready connections (`connection`), and
our public keys (`endpoints`).

Read: platforms · keys · kept_key_sets · connection · endpoints.
Words: a platform is (issuer, client id); a customer is (issuer, client id, deployment).
"""
