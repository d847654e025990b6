"""Detectors: pictures to boxes. One file a family of networks; `catalogue` chooses."""
