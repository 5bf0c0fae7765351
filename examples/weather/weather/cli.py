"""`weather CITY` prints a temperature; `weather --chart CITY` draws."""

import sys

from weather.charts import draw
from weather.stations import temperature


def main() -> None:
    *options, city = sys.argv[1:]
    if "--chart" in options:
        draw(city)
    print(city, temperature(city))


if __name__ == "__main__":
    main()
