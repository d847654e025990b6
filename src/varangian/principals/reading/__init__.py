"""Readers of files about what is public: plain Python, no database, no network."""
