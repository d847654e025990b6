"""ONVIF as a client: cameras found on the network, asked for their streams, and heard."""
