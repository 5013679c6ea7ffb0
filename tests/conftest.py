"""What all tests share: in CI the generated examples are the same every time, so that a run can be repeated."""

import os

from hypothesis import settings

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


def pytest_terminal_summary(terminalreporter):
    """Print what tests have to say, wherever their worker ran: ``record_property("said", text)``."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "said":
                terminalreporter.write_line(str(value))
