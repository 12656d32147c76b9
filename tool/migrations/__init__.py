"""The tables' history. Read: state (are they those of this version?) · upgrading (by Alembic) · versions."""
