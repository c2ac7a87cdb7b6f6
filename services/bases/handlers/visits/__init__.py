"""Commands on those who came: `records` of batches, `occasions` held, `check_in` by code."""
