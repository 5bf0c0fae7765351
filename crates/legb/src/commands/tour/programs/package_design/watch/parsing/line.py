class Line:
    def __init__(self, text):
        self.text = text

    def words(self):
        return self.text.split()
