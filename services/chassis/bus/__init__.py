"""How services hear and are heard over JetStream: streams, pulling, consumers, parking."""
