"""Leanbase: product analytics in one process, on PostHog's wire protocol."""
