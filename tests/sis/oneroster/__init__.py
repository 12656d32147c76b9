"""OneRoster on the wire."""
