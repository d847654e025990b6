"""The console's way to the engine that looks at pictures. Keeps nothing and needs no database."""
