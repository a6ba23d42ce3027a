"""Tests of the web chat over HTTP."""
