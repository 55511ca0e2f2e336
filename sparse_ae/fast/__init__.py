"""Why training is fast, for those who ask; what a student calls is in `training` and `models`."""
