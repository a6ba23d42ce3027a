"""Tests of going on in another app."""
