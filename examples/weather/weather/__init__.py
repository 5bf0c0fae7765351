"""A program that loads much more than it needs."""
