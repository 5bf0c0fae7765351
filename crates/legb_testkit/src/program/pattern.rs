//! Patterns of `match`: every kind, each name captured once, alternatives that bind the same names.

use super::generator::Generator;

impl Generator {
    /// A pattern that may fail to match. `captured` collects its captures, none of which may come twice.
    pub(super) fn pattern(&mut self, depth: usize, captured: &mut Vec<String>) -> String {
        let choice = if depth == 0 { self.random.below(4) } else { self.random.below(10) };
        match choice {
            0 => self.random.pick(&["0", "-1", "\"s\"", "None", "1+2j", "True"]).to_owned(),
            1 => format!("{}.{}", self.qualifier(), self.word()),
            2 | 3 => {
                let capture = self.capture(captured);
                format!("[{capture}]")
            }
            4 => {
                let first = self.subpattern(depth, captured);
                let rest = self.capture(captured);
                format!("[{first}, *{rest}]")
            }
            5 => {
                let value = self.subpattern(depth, captured);
                let rest = self.capture(captured);
                let rest = if rest == "_" { String::new() } else { format!(", **{rest}") };
                format!("{{\"k\": {value}{rest}}}")
            }
            6 => {
                let class = self.qualifier();
                let inner = self.subpattern(depth, captured);
                format!("{class}({inner}, {}={})", self.word(), self.subpattern(depth, captured))
            }
            7 => {
                let inner = self.pattern(depth - 1, captured);
                let capture = self.capture(captured);
                if capture == "_" { format!("({inner})") } else { format!("({inner} as {capture})") }
            }
            8 => {
                // The names of the first alternative, all of them in the second.
                let before = captured.len();
                let first = self.pattern(depth - 1, captured);
                let mut names = captured.split_off(before);
                if self.slip() {
                    names.pop();
                }
                let second = format!("[{}, 7]", names.join(", "));
                captured.append(&mut names);
                if captured.len() == before { format!("({first} | 8)") } else { format!("({first} | {second})") }
            }
            _ => {
                let first = self.subpattern(depth, captured);
                let second = self.pattern(depth - 1, captured);
                format!("({first}, {second})")
            }
        }
    }

    fn subpattern(&mut self, depth: usize, captured: &mut Vec<String>) -> String {
        if self.random.chance(50) { self.capture(captured) } else { self.pattern(depth.saturating_sub(1), captured) }
    }

    /// A name to read that a pattern may begin with: `_` is the wildcard even before a dot or a parenthesis.
    fn qualifier(&mut self) -> &'static str {
        let name = self.load();
        if name == "_" { "C" } else { name }
    }

    /// A name to capture, or `_` if the one drawn is taken already.
    pub(super) fn capture(&mut self, captured: &mut Vec<String>) -> String {
        let name = self.name();
        let identifiers: Vec<String> = captured.iter().map(|taken| self.identifier(taken)).collect();
        if name == "_" || identifiers.contains(&self.identifier(name)) && !self.slip() {
            return "_".to_owned();
        }
        self.bind(name);
        captured.push(name.to_owned());
        name.to_owned()
    }
}
