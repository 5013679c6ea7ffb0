"""Dated rates: VAT by territory and category, exchange rates by kind."""

from customs.rates.contract import answer
from customs.rates.drift import Drift, drift
from customs.rates.ecb import read_ecb_csv, read_ecb_xml
from customs.rates.fx import ExchangeRate, Rates
from customs.rates.vat import RateUnknown, VatRate, VatRates

__all__ = [
    "Drift",
    "ExchangeRate",
    "RateUnknown",
    "Rates",
    "VatRate",
    "VatRates",
    "answer",
    "drift",
    "read_ecb_csv",
    "read_ecb_xml",
]
