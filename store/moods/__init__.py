"""The learned mood model: its inputs, its artefacts, its predictions and what they change."""
