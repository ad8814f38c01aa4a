"""Tests of the development tooling."""
