"""Tests of the ways to reach people, over fakes of the platforms."""
