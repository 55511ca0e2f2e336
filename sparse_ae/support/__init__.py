"""The ground floor, which imports nothing else of the package: files, rooms for unfinished ones,
Keras's start, progress, the diagram of the layers."""
