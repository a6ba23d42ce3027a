"""The rig: platforms, loads and fleets of real processes."""
