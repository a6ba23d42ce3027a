"""Tests of the directory of services and of places."""
