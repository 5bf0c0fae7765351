"""Charts, which few calls ask for."""

import tkinter
import xml.dom.minidom

CANVAS = tkinter.Tk()


def draw(city: str) -> None:
    page = xml.dom.minidom.Document()
    page.appendChild(page.createElement(city))
    print(page.toxml(), CANVAS)
