"""What a person may type about threats."""
