"""The composition root: reads the settings, builds everything, starts everything."""
