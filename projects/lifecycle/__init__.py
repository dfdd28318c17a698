"""States of the safety work as tables: one module for each kind of thing that moves."""
