"""A teacher sets up: the class, the students, the categories."""
