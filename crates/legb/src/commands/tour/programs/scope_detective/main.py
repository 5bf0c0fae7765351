mood = "calm"


def ask():
    print("a:", mood)


def shout():
    mood = "loud"
    print("b:", mood)


def crowd():
    mood = "many"

    def voice():
        print("c:", mood)

    voice()


def turn():
    mood = "before"

    def change():
        nonlocal mood
        mood = "after"

    change()
    print("d:", mood)


ask()
shout()
crowd()
turn()
print("e:", mood)
