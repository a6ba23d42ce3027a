"""Delivery under limits, pauses and outages."""
