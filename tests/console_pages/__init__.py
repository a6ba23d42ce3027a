"""Tests of all pages of the console together."""
