"""Working members, posts, claims, service and feedback as rows, and the only SQL on them."""
