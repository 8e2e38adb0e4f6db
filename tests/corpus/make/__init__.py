"""Makes the corpus: real mail servers in a network of their own write real notices."""
