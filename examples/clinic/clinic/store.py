"""What is kept."""

ROWS: list[str] = []


def save(patient: str, hour: int) -> None:
    from clinic.web import greeting

    ROWS.append(f"{greeting(patient)} at {hour}")
