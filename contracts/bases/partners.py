"""Facts about venues that partners offer (共建场馆)."""
