"""From a catalogue's own pictures to shorter vectors that tell more. What `vizinho fit` does."""
