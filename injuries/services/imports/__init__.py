"""Bringing a table of records into a data set: asked for, looked through, taken over, taken back."""
