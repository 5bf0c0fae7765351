//! Functions and classes of random programs.

use super::{NAMES, Place, Writer};

impl Writer {
    pub(super) fn function(&mut self, place: Place) {
        let name = if self.functions < 4 && self.random.chance(70) {
            self.functions += 1;
            format!("f{}", self.functions - 1)
        } else {
            self.function_name()
        };
        self.functions = self.functions.max(1);
        if self.random.chance(10) {
            self.line(place.depth, "@(lambda function: lambda *values, **more: (function(*values), len(more)))");
        }
        let parameter = self.name();
        let default = if self.random.chance(60) { format!("={}", self.usual(parameter, 2)) } else { String::new() };
        let more = self.random.pick(&["", "", ", *rest", ", k=0", ", *, k=1", ", **more", ", *rest, **more"]);
        // A parameter without a default may not follow one with a default; these all have one or are stars.
        let more = if default.is_empty() && more == ", k=0" { "" } else { more };
        self.line(place.depth, &format!("def {name}({parameter}{default}{more}):"));
        let others: Vec<&str> = NAMES.iter().copied().filter(|other| *other != parameter).collect();
        let shared = if self.random.chance(25) { Some(self.random.pick(&others)) } else { None };
        if let Some(shared) = shared {
            self.line(place.depth + 1, &format!("global {shared}"));
        }
        let inside = Place { depth: place.depth + 1, in_function: true, in_loop: false };
        // Names that the function binds have no value before; some get one first.
        for name in others.iter().filter(|name| shared != Some(**name)) {
            if self.random.chance(30) {
                let value = self.usual(name, 3);
                let value = if value.contains(*name) { "1".to_owned() } else { value };
                self.line(inside.depth, &format!("{name} = {value}"));
            }
        }
        for _ in 0..self.random.between(1, 3) {
            self.statement(inside);
        }
        if self.random.chance(25) {
            self.inner_function(inside, parameter);
        }
        match self.random.below(6) {
            0 => {
                let (first, second) = (self.expression(1), self.expression(1));
                self.line(inside.depth, &format!("yield {first}"));
                self.line(inside.depth, &format!("print('sent', (yield {second}))"));
            }
            1 => {
                let value = self.expression(1);
                self.line(inside.depth, &format!("yield from [{value}, 1]"));
                self.line(inside.depth, "return 'done'");
            }
            2..=4 => {
                let value = self.expression(0);
                self.line(inside.depth, &format!("return {value}"));
            }
            _ => {}
        }
    }

    /// A function that shares a variable with the one around, and is called there.
    fn inner_function(&mut self, place: Place, shared: &str) {
        let value = self.expression(1);
        self.line(place.depth, "def inner(step=1):");
        if self.random.chance(60) {
            self.line(place.depth + 1, &format!("nonlocal {shared}"));
        }
        self.line(place.depth + 1, &format!("{shared} = {value}"));
        self.line(place.depth + 1, &format!("return ({shared}, step)"));
        self.line(place.depth, &format!("print(inner(), {shared})"));
    }

    pub(super) fn class(&mut self, place: Place) {
        let mut bases = String::new();
        if self.classes > 0 && self.random.chance(50) {
            bases = format!("({})", self.class_name());
        } else if self.random.chance(15) {
            let builtin = self.random.pick(&["(list)", "(dict)", "(str)", "(int)", "(Exception)", "(tuple)"]);
            bases.push_str(builtin);
        }
        let number = if self.classes < 3 { self.classes } else { self.random.below(3) };
        // A class that is defined again may have its older self as a base.
        self.line(place.depth, &format!("class C{number}{bases}:"));
        self.classes = self.classes.max(number + 1);
        let depth = place.depth + 1;
        let (name, value) = (self.random.pick(&["a", "b", "x"]), self.random.pick(&["1", "x", "[a]", "'k'"]));
        self.line(depth, &format!("{name} = {value}"));
        for _ in 0..self.random.between(1, 3) {
            self.member(depth, number);
        }
        let what = self.random.pick(&["a", "b", "x", "m", "make", "size", "shown"]);
        self.line(place.depth, &format!("print(getattr(C{number}(), '{what}', 'missing'))"));
    }

    fn member(&mut self, depth: usize, class: usize) {
        let (name, value) = (self.name(), self.expression(1));
        match self.random.below(10) {
            0 => self.line(depth, &format!("{name} = {value}")),
            1 => {
                self.line(depth, "@classmethod");
                self.line(depth, &format!("def make(cls, {name}=2):"));
                self.line(depth + 1, &format!("return cls.__name__, {value}"));
            }
            2 => {
                self.line(depth, "@property");
                self.line(depth, "def size(self):");
                self.line(depth + 1, &format!("return {value}"));
            }
            3 => {
                self.line(depth, "@staticmethod");
                self.line(depth, &format!("def shown({name}=1):"));
                self.line(depth + 1, &format!("return {value}"));
            }
            4 => {
                self.line(depth, "def __init__(self, value=5):");
                self.line(depth + 1, &format!("self.{name} = value"));
            }
            5 => {
                let method = self.random.pick(&["__repr__", "__str__"]);
                self.line(depth, &format!("def {method}(self):"));
                self.line(depth + 1, &format!("return '<C{class} %s>' % type(self).__name__"));
            }
            6 => {
                let method =
                    self.random.pick(&["__eq__", "__add__", "__lt__", "__contains__", "__getitem__", "__call__"]);
                self.line(depth, &format!("def {method}(self, other):"));
                self.line(depth + 1, &format!("return {value}"));
            }
            7 => {
                self.line(depth, "def m(self, *values):");
                self.line(depth + 1, "return super().m(*values)");
            }
            _ => {
                self.line(depth, &format!("def m(self, {name}=1):"));
                self.line(depth + 1, &format!("return {value}"));
            }
        }
    }
}
