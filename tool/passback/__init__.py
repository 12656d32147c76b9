"""The grade goes home.

In comes what a submission earned (`asking`); `policy` decides whether it goes; the ledger remembers what should stand
in the LMS; `sender` keeps a few on the wire (`in_flight`), `delivery` makes one try and `retry` says when the next one
is; `progress` counts what the pages show.

Read: asking · policy · ledger · delivery · retry · holding · in_flight · sender · progress · screens.
Words: a wish is what should stand in the LMS, an attempt one try to make it so; held means that a person sends it.
"""
