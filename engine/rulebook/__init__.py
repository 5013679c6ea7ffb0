"""Load, check, compile and match rule files. Knows no fact names.

``load_rulebook(texts, vocabulary)`` gives a :class:`Rulebook` or a
:class:`RulebookError` that lists every mistake; ``rulebook.ask(decision,
facts, members)`` gives an :class:`Answer`.
"""

from engine.rulebook.book import Rulebook
from engine.rulebook.load import load_rulebook, read_folder
from engine.rulebook.outcome import Answer
from engine.rulebook.problems import Problem, RulebookError
from engine.rulebook.record import Record
from engine.rulebook.tree import CANNOT_DETERMINE, Decision, Rule
from engine.rulebook.vocabulary import Fact, FactType, Vocabulary

__all__ = [
    "CANNOT_DETERMINE",
    "Answer",
    "Decision",
    "Fact",
    "FactType",
    "Problem",
    "Record",
    "Rule",
    "Rulebook",
    "RulebookError",
    "Vocabulary",
    "load_rulebook",
    "read_folder",
]
