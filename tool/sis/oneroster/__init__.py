"""OneRoster on the wire: the standard's own shapes, and the patience that real SIS ask for.

What comes in: an `Access` (addresses, opened secrets, the vendor's profile) and the plain values to put. What goes out:
plain values that were read, the ids that a SIS uses, or a `SisError` with what to do and a code for people.
Knows no web framework and no database; nothing is kept but tokens, in memory.

Reading order: client (all that can be asked) · bodies, ids (what goes out) · json_text (exact numbers) · rostering,
lists, paging (reading) · reading, fields (tolerance) · given_ids · wire (one call) · tokens, oauth1 (signing in) ·
pace · answers, complaints, meanings (what a refusal means).

Strict in what is sent: the whole form of the standard. Patient in what is read: any letter case, any envelope.
"""
