"""Where catalogues come from: a layout of files each."""
