//! Expressions of random programs.

use super::Writer;

/// Writes an expression that stands so deep in others.
type Kind = fn(&mut Writer, usize) -> String;

impl Writer {
    pub(super) fn literal(&mut self) -> String {
        let plain = [
            "0",
            "1",
            "2",
            "3",
            "-1",
            "10",
            "2.5",
            "0.1",
            "\"s\"",
            "\"text\"",
            "\"\"",
            "None",
            "True",
            "False",
            "[]",
            "[1, 2, 3]",
            "[3, 1]",
            "(1, 2)",
            "()",
            "{}",
            "{\"k\": 1}",
            "{1: \"one\", 2: \"two\"}",
            "[\"b\", \"a\"]",
            "b\"raw\"",
            "range(4)",
            "1 << 70",
        ];
        self.random.pick(&plain).to_owned()
    }

    /// An expression of the kind that a variable usually has: numbers in `a`, `b` and `c`, a list in `x`, a text in `y`, a
    /// dictionary in `z`. So most operations find operands that they take.
    pub(super) fn usual(&mut self, name: &str, depth: usize) -> String {
        let deeper = depth + 1;
        let is_simple = depth > 2 || self.random.chance(40);
        match name {
            "x" if is_simple => {
                self.random.pick(&["[1, 2, 3]", "[3, 1]", "x", "['b', 'a']", "list(y)", "x[1:]"]).to_owned()
            }
            "x" => match self.random.below(5) {
                0 => format!("{} + {}", self.usual("x", deeper), self.usual("x", deeper)),
                1 => format!("sorted({}, key=str)", self.usual("x", deeper)),
                2 => format!("[{}, {}]", self.usual("a", deeper), self.usual("y", deeper)),
                3 => format!("[i for i in {} if i != {}]", self.usual("x", deeper), self.usual("a", deeper)),
                _ => format!("[{} for {} in range({})]", self.usual("a", deeper), self.name(), self.random.below(4)),
            },
            "y" if is_simple => {
                self.random.pick(&["\"text\"", "y", "\"k\"", "str(a)", "y[:2]", "y.upper()"]).to_owned()
            }
            "y" => match self.random.below(5) {
                0 => format!("{} + {}", self.usual("y", deeper), self.usual("y", deeper)),
                1 => format!("f'{{{}}}-{{{}!r:>5}}'", self.name(), self.name()),
                2 => format!("','.join(str(i) for i in {})", self.usual("x", deeper)),
                3 => format!("repr({})", self.expression(deeper)),
                _ => format!("{}.replace('t', {})", self.usual("y", deeper), self.usual("y", deeper)),
            },
            "z" if is_simple => {
                self.random.pick(&["{\"k\": 1}", "z", "{1: \"one\", \"k\": 2}", "dict(z)", "{}"]).to_owned()
            }
            "z" => match self.random.below(4) {
                0 => format!("{{**{}, \"n\": {}}}", self.usual("z", deeper), self.usual("a", deeper)),
                1 => format!("{{i: {} for i in {}}}", self.usual("a", deeper), self.usual("y", deeper)),
                2 => format!("dict(k={}, m={})", self.usual("a", deeper), self.usual("x", deeper)),
                _ => format!("dict(zip({}, range(5)))", self.usual("y", deeper)),
            },
            _ if is_simple => {
                self.random.pick(&["1", "2", "3", "a", "b", "c", "10", "2.5", "-1", "len(x)", "len(y)"]).to_owned()
            }
            _ => match self.random.below(6) {
                0 => format!(
                    "({} if {} else {})",
                    self.usual("a", deeper),
                    self.expression(deeper),
                    self.usual("b", deeper)
                ),
                1 => format!("sum({})", self.random.pick(&["range(4)", "[1, 2]", "(i for i in [a, b])", "z.values()"])),
                2 => format!("max({}, {})", self.usual("a", deeper), self.usual("b", deeper)),
                3 => format!("(lambda {}: {})({})", self.name(), self.usual("a", deeper), self.usual("b", deeper)),
                _ => {
                    let operator = self.random.pick(&["+", "-", "*", "%", "//", "+", "-"]);
                    format!("({} {operator} {})", self.usual("a", deeper), self.usual("b", deeper))
                }
            },
        }
    }

    /// An expression; `depth` counts how deep it stands in others.
    pub(super) fn expression(&mut self, depth: usize) -> String {
        if self.random.chance(50) {
            let name = self.name();
            return self.usual(name, depth + 1);
        }
        if depth > 2 || self.random.chance(30) {
            return if self.random.chance(60) { self.name().to_owned() } else { self.literal() };
        }
        let kinds: [(usize, Kind); 16] = [
            (14, Self::operation),
            (8, Self::comprehension),
            (5, Self::conversion),
            (6, Self::lambda),
            (5, Self::conditional),
            (6, Self::formatted),
            (4, Self::walrus),
            (6, Self::subscript),
            (5, Self::collection),
            (7, Self::call_of_function),
            (5, Self::call_of_builtin),
            (5, Self::method_of_text),
            (6, Self::attribute),
            (3, Self::closure),
            (3, Self::comparison_chain),
            (3, Self::sorted_by_key),
        ];
        let kind = self.random.weighted(&kinds);
        kind(self, depth + 1)
    }

    fn operation(&mut self, depth: usize) -> String {
        let operators = [
            "+", "-", "*", "//", "%", "/", "==", "!=", "<", "<=", ">", "in", "not in", "is", "and", "or", "|", "&",
            "**",
        ];
        let operator = self.random.pick(&operators);
        if operator == "**" {
            // Towers of powers would be longer than the rest of the program.
            let base = self.random.pick(&["2", "3", "x", "1.5"]);
            return format!("({base} ** {})", self.random.pick(&["2", "0", "-1", "0.5"]));
        }
        format!("({} {operator} {})", self.expression(depth), self.expression(depth))
    }

    fn iterable(&mut self, depth: usize) -> String {
        if self.random.chance(25) {
            return self.expression(depth + 1);
        }
        let known = [
            "range(3)",
            "[1, 2]",
            "\"ab\"",
            "(1, 2)",
            "{\"k\": 5}",
            "enumerate(\"xy\")",
            "zip([1, 2], \"pq\")",
            "reversed([1, 2])",
            "map(str, [1, 2])",
        ];
        self.random.pick(&known).to_owned()
    }

    fn comprehension(&mut self, depth: usize) -> String {
        let (target, iterable, element) = (self.name(), self.iterable(depth), self.expression(depth));
        let condition =
            if self.random.chance(25) { format!(" if {}", self.expression(depth + 1)) } else { String::new() };
        let second = if self.random.chance(20) {
            format!(" for {} in {}", self.name(), self.iterable(depth + 1))
        } else {
            String::new()
        };
        let clauses = format!("for {target} in {iterable}{second}{condition}");
        match self.random.below(5) {
            0 => format!("list({element} {clauses})"),
            1 => format!("{{str({target}): {element} {clauses}}}"),
            2 => format!("sorted(str({target}) {clauses})"),
            _ => format!("[{element} {clauses}]"),
        }
    }

    fn conversion(&mut self, depth: usize) -> String {
        let function =
            self.random.pick(&["str", "repr", "bool", "int", "float", "len", "list", "tuple", "type", "abs"]);
        let argument = self.expression(depth);
        if function == "type" { format!("type({argument}).__name__") } else { format!("{function}({argument})") }
    }

    fn lambda(&mut self, depth: usize) -> String {
        let (name, body, argument) = (self.name(), self.expression(depth), self.expression(depth));
        match self.random.below(3) {
            0 => format!("(lambda {name}={argument}: {body})()"),
            1 => format!("(lambda *{name}: {body})({argument}, 1)"),
            _ => format!("(lambda {name}: {body})({argument})"),
        }
    }

    fn conditional(&mut self, depth: usize) -> String {
        format!("({} if {} else {})", self.expression(depth), self.expression(depth), self.expression(depth))
    }

    fn formatted(&mut self, depth: usize) -> String {
        let (first, second) = (self.name(), self.name());
        match self.random.below(5) {
            0 => format!("f'{{{first}}}-{{{second}!r}}'"),
            1 => format!("f'{{{first}!s:>6}}|{{{second}!r:<4}}|'"),
            2 => format!("f'{{{first}=}}'"),
            3 => format!("'%s %r' % ({}, {second})", self.expression(depth)),
            _ => format!("'{{}} {{0}}'.format({first})"),
        }
    }

    fn walrus(&mut self, depth: usize) -> String {
        format!("({} := {})", self.name(), self.expression(depth))
    }

    fn subscript(&mut self, depth: usize) -> String {
        let name = self.name();
        match self.random.below(4) {
            0 => format!("{name}[{}:{}]", self.random.pick(&["", "0", "1", "-1"]), self.random.pick(&["", "2", "-1"])),
            1 => format!("{name}[::-1]"),
            _ => format!("{name}[{}]", self.expression(depth + 1)),
        }
    }

    fn collection(&mut self, depth: usize) -> String {
        let (first, second) = (self.expression(depth), self.expression(depth));
        match self.random.below(6) {
            0 => format!("[{first}, {second}]"),
            1 => format!("({first}, {second})"),
            2 => format!("{{\"m\": {first}, \"n\": {second}}}"),
            3 => format!("[*{first}, {second}]"),
            4 => format!("{{**{first}, \"n\": {second}}}"),
            _ => format!("sorted([{first}, {second}])"),
        }
    }

    fn call_of_function(&mut self, depth: usize) -> String {
        let (function, argument) = (self.function_name(), self.expression(depth));
        match self.random.below(5) {
            0 => format!("{function}()"),
            1 => format!("{function}({argument}, {})", self.expression(depth)),
            2 => format!("{function}(*[{argument}])"),
            3 => format!("{function}({argument}, k={})", self.expression(depth + 1)),
            _ => format!("{function}({argument})"),
        }
    }

    fn call_of_builtin(&mut self, depth: usize) -> String {
        let argument = self.expression(depth);
        if self.random.chance(15) {
            let wrong = [
                "len()",
                "len(x, y)",
                "sum()",
                "abs()",
                "abs(y)",
                "sorted()",
                "isinstance(a)",
                "isinstance(a, 1)",
                "range()",
                "range('1')",
                "enumerate()",
                "hasattr(a)",
                "getattr(a)",
                "getattr(a, 1)",
                "next()",
                "next(1)",
                "iter()",
                "iter(1)",
                "repr()",
                "chr()",
                "chr('a')",
                "ord()",
                "ord('ab')",
                "hex('a')",
                "round('a')",
                "divmod(1)",
                "divmod(1, 0)",
                "any()",
                "all(1)",
                "min()",
                "min(1)",
                "max([])",
                "type(a, b)",
                "reversed(1)",
                "int('q')",
                "int(None)",
                "float('q')",
                "str(1, 2)",
                "list(1)",
                "tuple(1, 2)",
                "dict(1, 2)",
                "zip(1)",
                "map(str)",
                "filter(None)",
                "issubclass(1, int)",
                "callable()",
                "hash([])",
                "bool(1, 2)",
                "pow(2)",
                "sum(['a'])",
                "sorted([1, 'a'])",
                "max(1, 'a')",
                "print(sep=1)",
                "vars(1)",
            ];
            return self.random.pick(&wrong).to_owned();
        }
        match self.random.below(9) {
            0 => format!("sum({argument})"),
            1 => format!("max({argument}, {})", self.expression(depth)),
            2 => format!("min({argument})"),
            3 => format!("list(zip({argument}, range(3)))"),
            4 => format!("dict({argument})"),
            5 => format!("any({argument})"),
            6 => format!("isinstance({argument}, (int, str))"),
            7 => format!("list(filter(None, {argument}))"),
            _ => format!("next(iter({argument}), 'none')"),
        }
    }

    fn method_of_text(&mut self, depth: usize) -> String {
        let object = self.expression(depth + 1);
        let methods = [
            "upper()",
            "split()",
            "join(['p', 'q'])",
            "strip()",
            "replace('t', 'T')",
            "startswith('t')",
            "get('k')",
            "items()",
            "keys()",
            "copy()",
            "index(1)",
            "count(1)",
            "append(9)",
            "pop()",
            "update(k=2)",
            "bit_length()",
            "find('e')",
            "title()",
            "setdefault('k', 1)",
            "insert(0, 1)",
            "extend(x)",
            "sort()",
            "reverse()",
            "remove(1)",
            "clear()",
            "popitem()",
            "partition('e')",
            "rsplit('t', 1)",
            "endswith(('t', 'k'))",
            "zfill(7)",
            "center(9, '*')",
            "isdigit()",
            "encode()",
            "splitlines()",
            "lower()",
            "swapcase()",
        ];
        // Calls with the wrong arguments have words of their own.
        let wrong = [
            "append()",
            "get()",
            "index()",
            "upper(1)",
            "join()",
            "items(1)",
            "copy(2)",
            "pop(1, 2, 3)",
            "insert(1)",
            "keys(1)",
            "extend()",
            "extend(1)",
            "strip(1)",
            "count()",
            "setdefault()",
            "update(1)",
            "join(1)",
            "split(1)",
            "replace('t')",
            "startswith(1)",
            "find()",
            "find(1)",
            "zfill('1')",
            "remove()",
            "get([])",
            "index('q')",
            "pop('q')",
            "pop()",
            "sort(1)",
            "missing()",
            "join([1])",
            "append(1, 2)",
            "values(1)",
            "lower(1)",
            "encode(1)",
        ];
        if self.random.chance(20) {
            return format!("{object}.{}", self.random.pick(&wrong));
        }
        format!("{object}.{}", self.random.pick(&methods))
    }

    fn attribute(&mut self, depth: usize) -> String {
        let class = self.class_name();
        let attribute =
            self.random.pick(&["a", "b", "m()", "m(1)", "make()", "size", "shown", "x", "__class__.__name__"]);
        match self.random.below(6) {
            0 => format!("{class}.{attribute}"),
            1 => format!("getattr({class}(), '{}', {})", self.name(), self.expression(depth)),
            2 => format!("hasattr({class}(), '{}')", self.name()),
            3 => format!("{class}({}).{attribute}", self.expression(depth)),
            4 => format!("isinstance({class}(), {})", self.class_name()),
            _ => format!("{class}().{attribute}"),
        }
    }

    fn closure(&mut self, depth: usize) -> String {
        let (name, outer) = (self.name(), self.name());
        format!("[g() for g in [lambda: {outer} for {name} in range(2)]] + [{}]", self.expression(depth))
    }

    fn comparison_chain(&mut self, depth: usize) -> String {
        let (low, middle) = (self.expression(depth), self.expression(depth));
        format!("({low} <= {middle} < {})", self.expression(depth))
    }

    fn sorted_by_key(&mut self, depth: usize) -> String {
        let (key, reverse) =
            (self.random.pick(&["str", "len", "lambda q: (str(q), 1)"]), self.random.pick(&["True", "False"]));
        format!("sorted({}, key={key}, reverse={reverse})", self.iterable(depth))
    }
}
