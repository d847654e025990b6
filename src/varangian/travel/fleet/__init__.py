"""Vehicles, their checks and their drivers: rules and lists that need no database."""
