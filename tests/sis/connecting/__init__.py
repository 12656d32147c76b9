"""An operator's connection to a SIS."""
