"""Ways to make one journey, side by side. Pure; never one score."""
