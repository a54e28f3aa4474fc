"""Builds the web app and collects the files that SDKs ask for. Written by the web's owner; a placeholder until then."""
