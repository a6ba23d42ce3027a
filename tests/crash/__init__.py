"""Processes that die at any moment, several at a time, with clocks and disks that fail."""
