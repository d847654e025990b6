"""What is known of a destination, put together for one trip. Pure but for its library files."""
