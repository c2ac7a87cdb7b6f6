"""All that bears upon what is free, in as few statements as there are sorts of it."""
