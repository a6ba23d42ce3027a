"""Sealing, keys that are destroyed, pseudonyms, lives of data; knows nothing of trees."""
