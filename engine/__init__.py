"""Decides: composes the rooms and asks the rulebook."""
