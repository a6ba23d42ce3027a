"""The services she can be sent to, the search among them, and the places of the region; pure."""
