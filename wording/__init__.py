"""Sentences for people, in English and French: what a decision says, rendered for the terminal.

``Wording(language)`` turns codes into sentences and formats money, days and places.
The trees, tables and panels are for ``rich``; it and ``babel`` are imported at first use.
"""

from wording.decision import decision_tree, explain_tree
from wording.law import landed_tree, vat_tree
from wording.scenario import scenario_table
from wording.tables import options_table, rules_table, territory_table
from wording.trouble import problem_panel
from wording.why_not import why_not_tree
from wording.words import LANGUAGES, Wording

__all__ = [
    "LANGUAGES",
    "Wording",
    "decision_tree",
    "explain_tree",
    "landed_tree",
    "options_table",
    "problem_panel",
    "rules_table",
    "scenario_table",
    "territory_table",
    "vat_tree",
    "why_not_tree",
]
