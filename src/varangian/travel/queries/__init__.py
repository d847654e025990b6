"""Reads of travel."""
