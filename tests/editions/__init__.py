"""Editions and drafts: what women read, changed by two people and taken back by one."""
