"""Pages."""

from clinic.booking import book


def page(patient: str, hour: int) -> str:
    return f"<p>{greeting(patient)}: {book(patient, hour)}</p>"


def greeting(patient: str) -> str:
    return f"Dear {patient}"
