"""From samples to a drum chart: pure stages, arrays in, values out."""
