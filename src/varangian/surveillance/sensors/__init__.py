"""Sensors over HTTP and SIA DC-09: what they say, and the doors they say it at."""
