"""How good are the matches? What `vizinho evaluate` measures."""
