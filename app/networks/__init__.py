"""The auto-taggers: what is known of them, their weights, and what runs them."""
