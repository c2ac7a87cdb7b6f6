"""Facts announced about members, their states and joining."""
