"""Decision trees: pure values and one function, advance(), that walks a person through them."""
