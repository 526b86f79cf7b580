"""How the drum network was made: rendering of training audio, training, calibration, export."""
