"""Who comes when."""

from clinic import store


def book(patient: str, hour: int) -> str:
    store.save(patient, hour)
    return f"{hour}:00"
