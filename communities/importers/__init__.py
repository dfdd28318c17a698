"""What stands in tables that come from outside, as pure functions: printed lists, and tables of staff."""
