//! Random small projects whose modules import each other in circles.
//!
//! Some of their conditions depend on the environment: what is claimed of such a project must hold whether the variable
//! [`FLAG`] is set or not.

use crate::line::push_line;
use crate::random::Random;

/// The variable that unknown conditions ask for.
pub const FLAG: &str = "LEGB_EVAL_CYCLE";

/// How many in a hundred conditions ask for it.
const UNKNOWN: usize = 35;

const MODULES: [&str; 5] = ["alpha", "beta", "gamma", "delta", "omega"];

/// A project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CycleProject {
    /// Path and text of every file.
    pub files: Vec<(String, String)>,
    /// The modules that are imported first, each a run of its own.
    pub entries: Vec<String>,
}

struct Writer {
    random: Random,
    text: String,
    package: Option<&'static str>,
    modules: Vec<&'static str>,
    own: usize,
    /// Modules that the module has imported so far, under their own names.
    imported: Vec<usize>,
    /// Other modules' names that it has so far: module and name.
    names: Vec<(usize, &'static str)>,
}

/// The project of a seed.
pub fn eval_cycle(seed: u64) -> CycleProject {
    let mut random = Random::new(seed);
    let count = random.between(2, MODULES.len());
    let modules = MODULES[..count].to_vec();
    let package = if random.chance(40) { Some("pkg") } else { None };
    let mut writer =
        Writer { random, text: String::new(), package, modules, own: 0, imported: Vec::new(), names: Vec::new() };
    let mut files = Vec::new();
    for own in 0..count {
        writer.module(own);
        let name = writer.modules[own];
        let path = package.map_or_else(|| format!("{name}.py"), |package| format!("{package}/{name}.py"));
        files.push((path, std::mem::take(&mut writer.text)));
    }
    let mut entries: Vec<String> = (0..count).map(|module| writer.dotted(module)).collect();
    if let Some(package) = package {
        writer.init();
        files.push((format!("{package}/__init__.py"), std::mem::take(&mut writer.text)));
        entries.push(package.to_owned());
    }
    CycleProject { files, entries }
}

impl Writer {
    fn line(&mut self, depth: usize, text: &str) {
        push_line(&mut self.text, depth, text);
    }

    fn dotted(&self, module: usize) -> String {
        let name = self.modules[module];
        self.package.map_or_else(|| name.to_owned(), |package| format!("{package}.{name}"))
    }

    fn other(&mut self) -> usize {
        let step = self.random.between(1, self.modules.len() - 1);
        (self.own + step) % self.modules.len()
    }

    /// What every module defines in the end.
    fn defined(&self, module: usize, what: &str) -> String {
        format!("{what}_{}", self.modules[module])
    }

    fn init(&mut self) {
        self.line(0, "print('begin', __name__)");
        for module in 0..self.modules.len() {
            if self.random.chance(35) {
                let name = self.modules[module];
                let text = match self.random.below(3) {
                    0 => format!("from . import {name}"),
                    1 => format!("from .{name} import {}", self.defined(module, "value")),
                    _ => format!("import pkg.{name}"),
                };
                self.line(0, &text);
            }
        }
        self.line(0, "print('end', __name__)");
    }

    fn module(&mut self, own: usize) {
        self.own = own;
        self.imported.clear();
        self.names.clear();
        let name = self.modules[own];
        self.line(0, "import os");
        self.line(0, &format!("print('begin', '{name}')"));
        let defines_early = self.random.chance(70);
        if defines_early {
            self.definitions();
        }
        if self.random.chance(15) {
            self.line(0, "def __getattr__(name):");
            self.line(1, "if name.startswith('late'):");
            self.line(2, "return name");
            self.line(1, "raise AttributeError(name)");
        }
        let next = (own + 1) % self.modules.len();
        self.import(0, next);
        for _ in 0..self.random.between(2, 6) {
            self.step(0);
        }
        if !defines_early {
            self.definitions();
        }
        for _ in 0..self.random.below(3) {
            self.step(0);
        }
        self.line(0, &format!("print('end', '{name}')"));
    }

    fn definitions(&mut self) {
        let own = self.own;
        let number = self.random.below(9);
        self.line(0, &format!("{} = {number}", self.defined(own, "value")));
        self.line(0, &format!("def {}(x=1):", self.defined(own, "make")));
        if self.random.chance(30) {
            let other = self.other();
            let (dotted, value) = (self.dotted(other), self.defined(other, "value"));
            self.line(1, &format!("from {dotted} import {value}"));
            self.line(1, &format!("return {value} + x"));
        } else {
            self.line(1, &format!("return {} + x", self.defined(own, "value")));
        }
        self.line(0, &format!("class {}:", self.defined(own, "Base")));
        self.line(1, &format!("kind = '{}'", self.modules[own]));
        self.line(1, "def m(self): return self.kind");
        if self.random.chance(15) {
            self.line(0, &format!("__all__ = ['{}', '{}']", self.defined(own, "value"), self.defined(own, "make")));
        }
    }

    fn import(&mut self, depth: usize, module: usize) {
        let (dotted, name) = (self.dotted(module), self.modules[module]);
        let what = self.random.pick(&["value", "make", "Base"]);
        let defined = self.defined(module, what);
        let text = match self.random.below(8) {
            0..=2 => {
                if depth == 0 {
                    self.imported.push(module);
                }
                if self.package.is_some() && self.random.chance(50) {
                    format!("from . import {name}")
                } else if self.package.is_some() {
                    format!("import {dotted} as {name}")
                } else {
                    format!("import {name}")
                }
            }
            3 if depth == 0 => format!("from {dotted} import *"),
            4 => format!("import {dotted}"),
            _ => {
                if depth == 0 {
                    self.names.push((module, what));
                }
                let from = if self.package.is_some() && self.random.chance(50) { format!(".{name}") } else { dotted };
                format!("from {from} import {defined}")
            }
        };
        self.line(depth, &text);
    }

    fn condition(&mut self) -> String {
        if self.random.chance(UNKNOWN) {
            return self
                .random
                .pick(&["os.environ.get('LEGB_EVAL_CYCLE')", "not os.environ.get('LEGB_EVAL_CYCLE')"])
                .to_owned();
        }
        let other = self.other();
        match self.random.below(4) {
            0 => "__name__ == '__main__'".to_owned(),
            1 => format!("'{}' in globals()", self.defined(other, "value")),
            2 => format!("len('{}') > 4", self.modules[other]),
            _ => "True".to_owned(),
        }
    }

    fn step(&mut self, depth: usize) {
        if depth > 2 {
            return self.use_(depth);
        }
        match self.random.below(16) {
            0..=2 => {
                let other = self.other();
                self.import(depth, other);
            }
            3 | 4 => {
                let condition = self.condition();
                self.line(depth, &format!("if {condition}:"));
                self.harmless(depth + 1);
                if self.random.chance(50) {
                    self.line(depth, "else:");
                    self.harmless(depth + 1);
                }
            }
            5 | 6 => {
                self.line(depth, "try:");
                self.step(depth + 1);
                let class = self.random.pick(&["ImportError", "AttributeError", "Exception", "NameError"]);
                self.line(depth, &format!("except {class} as error:"));
                self.line(depth + 1, "print(type(error).__name__)");
                if self.random.chance(20) {
                    self.line(depth, "finally:");
                    self.line(depth + 1, "print('finally')");
                }
            }
            7 => {
                let other = self.other();
                self.line(depth, "for turn in range(2):");
                self.import(depth + 1, other);
                self.line(depth + 1, "print('turn', turn)");
            }
            8 => {
                let (own, number) = (self.modules[self.own], self.random_number());
                self.line(depth, &format!("extra_{own} = {number}"));
            }
            9 => {
                let other = self.other();
                self.line(depth, "def later():");
                self.import(depth + 1, other);
                self.line(depth + 1, "return 1");
                if self.random.chance(50) {
                    self.line(depth, "print(later())");
                }
            }
            10 if !self.imported.is_empty() => {
                let imported = self.imported.clone();
                let module = self.random.pick(&imported);
                let (name, number) = (self.modules[module], self.random_number());
                self.line(depth, &format!("{name}.{} = {number}", self.defined(module, "value")));
            }
            _ => self.use_(depth),
        }
    }

    fn random_number(&mut self) -> usize {
        self.random.below(9)
    }

    /// Statements that differ between both ways of a condition without ending one.
    fn harmless(&mut self, depth: usize) {
        let own = self.modules[self.own];
        let number = self.random_number();
        match self.random.below(8) {
            0 => {
                let other = self.other();
                self.line(depth, "try:");
                self.import(depth + 1, other);
                self.line(depth, "except ImportError:");
                self.line(depth + 1, "pass");
            }
            1 => {
                let other = self.dotted(self.own);
                self.line(depth, &format!("import {other}"));
            }
            2 => self.line(depth, &format!("debug_{own} = {number}")),
            3 => {
                self.line(depth, &format!("def helper_{own}():"));
                self.line(depth + 1, &format!("return {number}"));
            }
            4 => {
                self.line(depth, &format!("class Extra_{own}:"));
                self.line(depth + 1, &format!("size = {number}"));
            }
            5 => self.line(depth, "import json"),
            6 => self.use_(depth),
            _ => self.line(depth, "pass"),
        }
    }

    /// Reads something that may not be there yet.
    fn use_(&mut self, depth: usize) {
        let (imported, names) = (self.imported.clone(), self.names.clone());
        let own = self.own;
        match self.random.below(6) {
            0 | 1 if !imported.is_empty() => {
                let module = self.random.pick(&imported);
                let what = self.random.pick(&["value", "make", "Base"]);
                let defined = self.defined(module, what);
                let name = self.modules[module];
                let text = match what {
                    "value" => format!("print({name}.{defined})"),
                    "make" => format!("print({name}.{defined}(2))"),
                    _ => format!("print({name}.{defined}().m())"),
                };
                self.line(depth, &text);
            }
            2 | 3 if !names.is_empty() => {
                let (module, what) = self.random.pick(&names);
                let defined = self.defined(module, what);
                match what {
                    "value" => self.line(depth, &format!("print({defined} + 1)")),
                    "make" => self.line(depth, &format!("print({defined}())")),
                    _ => {
                        self.line(depth, &format!("class Child_{}({defined}):", self.modules[own]));
                        self.line(depth + 1, &format!("size = len({defined}.kind)"));
                    }
                }
            }
            4 if !imported.is_empty() => {
                let module = self.random.pick(&imported);
                let (name, defined) = (self.modules[module], self.defined(module, "value"));
                let text = match self.random.below(3) {
                    0 => format!("print(hasattr({name}, '{defined}'))"),
                    1 => format!("print(getattr({name}, '{defined}', 'none'))"),
                    _ => format!("print({name}.late_name)"),
                };
                self.line(depth, &text);
            }
            _ => self.line(depth, &format!("print('step', '{}')", self.modules[own])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::eval_cycle;

    #[test]
    fn one_seed_gives_one_project_and_all_have_several_modules() {
        assert_eq!(eval_cycle(3), eval_cycle(3));
        for seed in 0..50 {
            let project = eval_cycle(seed);
            assert!(project.files.len() >= 2 && project.entries.len() >= 2);
        }
    }
}
