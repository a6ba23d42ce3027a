"""What a survivor, a caseworker or a coordinator can do, one module per act."""
