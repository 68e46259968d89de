"""Plugins: manifests, guarded loading and calling, hook specifications, packs, catalogue."""
