"""What a person may type about the running detail."""
