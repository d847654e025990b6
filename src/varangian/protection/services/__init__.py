"""The only writers of the running detail."""
