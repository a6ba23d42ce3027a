"""Web pages of staff: the caseworkers' desk and the coordinators' console."""
