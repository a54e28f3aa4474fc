"""Find my activation metric: which early behaviour goes with coming back."""
