"""Safety: hazards from finding to 销号, inspections that open them, drills."""
