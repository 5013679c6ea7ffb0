"""Numbers of businesses: VAT, EORI and import one-stop shop. Structure only; `vies` asks the register."""

from customs.numbers.contract import answer_eori, answer_ioss, answer_vat
from customs.numbers.eori import eori_number, ioss_number
from customs.numbers.vat import vat_number
from customs.numbers.verdict import REASONS, Verdict

__all__ = [
    "REASONS",
    "Verdict",
    "answer_eori",
    "answer_ioss",
    "answer_vat",
    "eori_number",
    "ioss_number",
    "vat_number",
]
