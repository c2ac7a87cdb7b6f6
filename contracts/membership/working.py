"""Facts announced about working members, posts and claims."""
