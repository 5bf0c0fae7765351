"""Two modules that import each other: one program works, the other does not."""
