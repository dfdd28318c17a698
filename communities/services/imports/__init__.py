"""Tables that staff bring in: kept, compared with the register, taken over all or nothing, undone as one."""
