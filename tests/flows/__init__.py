"""Tests of the trees: their form, the engine, the checks and the pictures."""
