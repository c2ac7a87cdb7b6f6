"""How services hear and are heard over JetStream: connection, streams, pulling, consumers, parking."""
