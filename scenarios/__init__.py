"""What-if, comparison, checkout options and explanation over the engine."""

from scenarios.house import folder, open_world
from scenarios.reading import order_from, order_from_text, parse_json, read_order

__all__ = ["folder", "open_world", "order_from", "order_from_text", "parse_json", "read_order"]
