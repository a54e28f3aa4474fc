"""Measurements of Leanbase; ``make bench`` runs them. See README.md here for method and noise."""
