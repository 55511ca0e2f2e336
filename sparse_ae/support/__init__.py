"""The ground floor, which imports nothing else of the package: files, Keras's start, progress, the
diagram of the layers."""
