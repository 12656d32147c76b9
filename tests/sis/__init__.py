"""Grades that go on to the school's records."""
