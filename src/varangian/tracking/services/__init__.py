"""The only writers of devices, fences, the TAK endpoint and what is kept of positions."""
