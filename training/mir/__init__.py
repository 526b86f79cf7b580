"""Fits the data of the analysis: octave, key, meter, and the usual values of tags."""
