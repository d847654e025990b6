"""How travel looks in the API and in ``--json``."""
