"""Tables of injury records: which column is which, what a cell says, what forbids a row. No database is asked."""
