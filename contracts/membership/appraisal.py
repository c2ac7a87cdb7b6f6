"""Facts announced about the yearly appraisal."""
