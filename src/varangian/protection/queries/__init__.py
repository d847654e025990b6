"""Reads of the running detail."""
