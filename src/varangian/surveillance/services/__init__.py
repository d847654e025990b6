"""Writers of surveillance."""
