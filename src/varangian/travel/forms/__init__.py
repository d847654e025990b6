"""What a person may type about travel."""
