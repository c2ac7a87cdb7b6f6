"""Commands of volunteering, one function each."""
