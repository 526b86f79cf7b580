"""The drum network: what is played, how it sounds, clips of it, training and export."""
