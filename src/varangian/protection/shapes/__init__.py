"""How the running detail looks in the API and in ``--json``."""
