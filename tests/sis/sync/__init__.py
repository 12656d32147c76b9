"""Stories of runs: Ada's class, its scores, and a school's records that answer over a real socket."""
