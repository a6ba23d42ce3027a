"""What people do with the console from beginning to end, in a real browser.

A wrong number put right by two people, and fifty services brought in from a file, are in
tests/directory_pages/test_browser.py.
"""
