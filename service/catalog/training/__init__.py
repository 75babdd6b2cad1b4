"""From a catalogue's own labels to a network that tells its products apart. What `vizinho train` does."""
