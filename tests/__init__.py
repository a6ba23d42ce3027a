"""Tests mirror the packages; what several need stands in conftest.py and doubles.py."""
