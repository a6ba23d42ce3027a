"""How things are kept: tables, one transaction, the only commit."""
