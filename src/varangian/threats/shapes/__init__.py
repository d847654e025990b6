"""How threats look in the API and in ``--json``."""
