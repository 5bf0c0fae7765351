//! Statements of random programs.

use super::{Place, Writer};

/// Writes a statement.
type Kind = fn(&mut Writer, Place);

impl Writer {
    pub(super) fn statement(&mut self, place: Place) {
        self.budget = self.budget.saturating_sub(1);
        if place.depth > 4 || self.budget == 0 || self.random.chance(25) {
            return self.simple(place);
        }
        let kinds: [(usize, Kind); 13] = [
            (14, Self::simple),
            (7, Self::if_),
            (8, Self::for_),
            (3, Self::while_),
            (9, Self::try_),
            (9, Self::function),
            (6, Self::class),
            (3, Self::delete),
            (4, Self::leave),
            (4, Self::raise),
            (5, Self::unpack),
            (4, Self::with),
            (4, Self::store_into),
        ];
        let kind = self.random.weighted(&kinds);
        kind(self, place);
    }

    fn block(&mut self, place: Place) {
        for _ in 0..self.random.between(1, 3) {
            self.statement(place.deeper());
        }
    }

    fn simple(&mut self, place: Place) {
        let text = match self.random.below(10) {
            0..=4 => format!("print({})", self.expression(0)),
            5 => format!("print({}, {}, sep='|')", self.name(), self.expression(1)),
            6 => {
                let (name, operator) = (self.name(), self.random.pick(&["+=", "+=", "-=", "*=", "|="]));
                format!("{name} {operator} {}", self.usual(name, 2))
            }
            7 => format!("{} = {}", self.name(), self.expression(0)),
            _ => {
                let name = self.name();
                format!("{name} = {}", self.usual(name, 0))
            }
        };
        self.line(place.depth, &text);
    }

    fn if_(&mut self, place: Place) {
        let test = self.expression(1);
        self.line(place.depth, &format!("if {test}:"));
        self.block(place);
        if self.random.chance(30) {
            let test = self.expression(1);
            self.line(place.depth, &format!("elif {test}:"));
            self.block(place);
        }
        if self.random.chance(50) {
            self.line(place.depth, "else:");
            self.block(place);
        }
    }

    fn for_(&mut self, place: Place) {
        let iterables = [
            "range(3)",
            "[1, 2]",
            "\"ab\"",
            "(1, 2)",
            "[]",
            "{\"k\": 1, \"l\": 2}",
            "{\"k\": 1}.items()",
            "[x, y]",
            "f0(2)",
        ];
        let iterable = self.random.pick(&iterables);
        let target = self.name();
        self.line(place.depth, &format!("for {target} in {iterable}:"));
        self.block(Place { in_loop: true, ..place });
        if self.random.chance(25) {
            self.line(place.depth, "else:");
            self.block(place);
        }
    }

    /// A loop that ends: its counter belongs to it alone.
    fn while_(&mut self, place: Place) {
        let counter = format!("n{}", place.depth);
        let turns = self.random.between(1, 3);
        self.line(place.depth, &format!("{counter} = {turns}"));
        self.line(place.depth, &format!("while {counter}:"));
        self.line(place.depth + 1, &format!("{counter} -= 1"));
        self.block(Place { in_loop: true, ..place });
    }

    fn try_(&mut self, place: Place) {
        self.line(place.depth, "try:");
        self.block(place);
        let only_finally = self.random.chance(15);
        if !only_finally {
            let classes = [
                "Exception",
                "NameError",
                "TypeError",
                "(ValueError, TypeError)",
                "ZeroDivisionError",
                "LookupError",
                "AttributeError",
                "ArithmeticError",
            ];
            let class = self.random.pick(&classes);
            if self.random.chance(60) {
                let name = self.name();
                self.line(place.depth, &format!("except {class} as {name}:"));
                self.line(place.depth + 1, &format!("print(type({name}).__name__, {name})"));
                if self.random.chance(30) {
                    self.statement(place.deeper());
                }
            } else {
                self.line(place.depth, &format!("except {class}:"));
                self.block(place);
            }
            if self.random.chance(25) {
                self.line(place.depth, "else:");
                self.block(place);
            }
        }
        if only_finally || self.random.chance(25) {
            self.line(place.depth, "finally:");
            // What leaves a `finally` body early draws a warning in newer versions.
            self.block(Place { in_function: false, in_loop: false, ..place });
        }
    }

    fn delete(&mut self, place: Place) {
        let name = self.name();
        let text = match self.random.below(4) {
            0 => format!("del {name}[0]"),
            1 => format!("del {name}['k']"),
            _ => format!("del {name}"),
        };
        self.line(place.depth, &text);
    }

    fn leave(&mut self, place: Place) {
        let text = if place.in_loop && self.random.chance(60) {
            self.random.pick(&["break", "continue"]).to_owned()
        } else if place.in_function {
            format!("return {}", self.expression(1))
        } else {
            format!("assert {}, {}", self.expression(1), self.name())
        };
        self.line(place.depth, &text);
    }

    fn raise(&mut self, place: Place) {
        let class = self.random.pick(&["ValueError", "KeyError", "TypeError", "IndexError", "RuntimeError"]);
        let text = match self.random.below(5) {
            0 => format!("raise {class}"),
            1 => format!("raise {class}({}) from ValueError('cause')", self.expression(1)),
            2 => format!("raise {class}({}, {})", self.expression(1), self.name()),
            3 => format!("raise {}", self.expression(2)),
            _ => format!("raise {class}({})", self.expression(1)),
        };
        self.line(place.depth, &text);
    }

    fn unpack(&mut self, place: Place) {
        let (first, second) = (self.name(), self.name());
        let text = match self.random.below(5) {
            0 => format!("{first}, *{second} = {}", self.expression(1)),
            1 => format!("[{first}, {second}] = {}", self.expression(1)),
            2 => format!("{first} = {second} = {}", self.expression(1)),
            _ => format!("{first}, {second} = {}, {}", self.expression(1), self.expression(1)),
        };
        self.line(place.depth, &text);
    }

    fn with(&mut self, place: Place) {
        let swallows = self.random.pick(&["True", "False"]);
        self.line(place.depth, "class Manager:");
        self.line(place.depth + 1, "def __enter__(self):");
        let value = self.expression(2);
        self.line(place.depth + 2, &format!("return {value}"));
        self.line(place.depth + 1, "def __exit__(self, kind, error, trace):");
        self.line(place.depth + 2, "print('exit', kind and kind.__name__)");
        self.line(place.depth + 2, &format!("return {swallows}"));
        let name = self.name();
        self.line(place.depth, &format!("with Manager() as {name}:"));
        self.block(place);
    }

    fn store_into(&mut self, place: Place) {
        let (name, value) = (self.name(), self.expression(1));
        let text = match self.random.below(4) {
            0 => format!("{name}[0] = {value}"),
            1 => format!("{name}['k'] = {value}"),
            2 => format!("{name}[0] += {value}"),
            _ => format!("{}.{name} = {value}", self.class_name()),
        };
        self.line(place.depth, &text);
    }
}
