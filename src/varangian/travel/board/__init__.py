"""A leg in motion, pure: what is planned along its line, and what its positions say."""
