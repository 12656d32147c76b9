"""What the checklists of the standard and of its known holes demand, row by row, through the real roads."""
