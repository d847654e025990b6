"""MQTT devices: a broker of our own as a child process, and what its messages mean here."""
