"""When a tray is done."""


def timer(minutes, announce):
    def remaining(now):
        return done_at - now

    announce(f"{remaining(0)} minutes to go")
    done_at = minutes
    return remaining
