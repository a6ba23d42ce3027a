"""The caseworkers' bot over the fake Bot API: chats, taps, notices, doors."""
