"""Postal addresses: what a country's post asks for, and whether a postcode is one of its own."""

from customs.addresses.address import Address, AddressVerdict, Problem, judge_address
from customs.addresses.contract import answer_address
from customs.addresses.forms import address_form
from customs.addresses.postcode import PostcodeVerdict, judge_postcode

__all__ = [
    "Address",
    "AddressVerdict",
    "PostcodeVerdict",
    "Problem",
    "address_form",
    "answer_address",
    "judge_address",
    "judge_postcode",
]
