"""How strokes sound: kits, rooms and effects, and what plays beside the drums."""
