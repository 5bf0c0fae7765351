//! Definitions: functions with every kind of parameter, classes, type aliases, and the type parameters of all three.

use super::generator::Generator;
use super::mix;
use super::scope::Block;

/// How a parameter receives arguments.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ParameterKind {
    Positional,
    Star,
    KeywordOnly,
    StarStar,
}

struct Parameter {
    kind: ParameterKind,
    name: &'static str,
    annotation: Option<String>,
    default: Option<String>,
}

/// The parameters of a function or lambda.
pub(super) struct Parameters {
    list: Vec<Parameter>,
    /// How many are positional-only.
    positional_only: usize,
}

impl Parameters {
    /// The list as it is written.
    pub(super) fn text(&self) -> String {
        let mut parts = Vec::new();
        let mut keyword_only_open = false;
        for (at, parameter) in self.list.iter().enumerate() {
            let stars = match parameter.kind {
                ParameterKind::Star => {
                    keyword_only_open = true;
                    "*"
                }
                ParameterKind::StarStar => "**",
                ParameterKind::KeywordOnly if !keyword_only_open => {
                    keyword_only_open = true;
                    parts.push("*".to_owned());
                    ""
                }
                ParameterKind::Positional | ParameterKind::KeywordOnly => "",
            };
            let annotation = parameter.annotation.as_ref().map(|text| format!(": {text}")).unwrap_or_default();
            let default = parameter.default.as_ref().map(|text| format!("={text}")).unwrap_or_default();
            parts.push(format!("{stars}{}{annotation}{default}", parameter.name));
            if at + 1 == self.positional_only {
                parts.push("/".to_owned());
            }
        }
        parts.join(", ")
    }
}

impl Generator {
    /// Parameters with their defaults, for a method with this first parameter, still without annotations.
    pub(super) fn parameters(&mut self, first: Option<&'static str>) -> Parameters {
        let mut list: Vec<Parameter> = Vec::new();
        let mut taken: Vec<String> = Vec::new();
        let mut needs_default = false;
        let positional = self.random.below(3);
        let kinds = std::iter::repeat_n(ParameterKind::Positional, positional + usize::from(first.is_some()))
            .chain(self.random.chance(20).then_some(ParameterKind::Star))
            .chain(self.random.chance(20).then_some(ParameterKind::KeywordOnly))
            .chain(self.random.chance(15).then_some(ParameterKind::StarStar))
            .collect::<Vec<_>>();
        for kind in kinds {
            let name = match first {
                Some(first) if list.is_empty() => first,
                _ => self.name(),
            };
            let identifier = self.identifier(name);
            if taken.contains(&identifier) && !self.slip() {
                continue;
            }
            taken.push(identifier);
            let may_have_default = matches!(kind, ParameterKind::Positional | ParameterKind::KeywordOnly);
            let wants_default = self.random.chance(mix::DEFAULT);
            let must = needs_default && kind == ParameterKind::Positional;
            let default = ((may_have_default && wants_default) || must).then(|| self.expression());
            needs_default |= default.is_some() && kind == ParameterKind::Positional;
            list.push(Parameter { kind, name, annotation: None, default });
        }
        let positional = list.iter().filter(|parameter| parameter.kind == ParameterKind::Positional).count();
        let positional_only = if self.random.chance(15) { self.random.between(0, positional) } else { 0 };
        Parameters { list, positional_only }
    }

    /// Makes the parameters names of the innermost block.
    pub(super) fn bind_parameters(&mut self, parameters: &Parameters) {
        for parameter in &parameters.list {
            self.bind(parameter.name);
        }
    }

    fn annotate(&mut self, parameters: &mut Parameters) {
        for parameter in &mut parameters.list {
            if self.random.chance(mix::ANNOTATION) {
                let star =
                    parameter.kind == ParameterKind::Star && self.grammar.starred_index && self.random.chance(30);
                let text = self.annotation();
                parameter.annotation = Some(format!("{}{text}", if star { "*" } else { "" }));
            }
        }
    }

    /// Whether annotation-like blocks that stand here see the names of a class.
    fn sees_class(&self) -> bool {
        matches!(self.block(), Block::Class | Block::Annotation { in_class: true })
    }

    /// An annotation: an expression in which nothing may be bound.
    pub(super) fn annotation(&mut self) -> String {
        if self.random.chance(40) {
            return self.load().to_owned();
        }
        // Without type parameters an annotation belongs to the class body itself until annotations are deferred.
        let in_class = matches!(self.block(), Block::Annotation { in_class: true });
        self.annotation_like(in_class)
    }

    fn annotation_like(&mut self, in_class: bool) -> String {
        self.enter(Block::Annotation { in_class });
        let text = self.expression();
        self.leave();
        text
    }

    /// Opens the block of type parameters and returns them in brackets; without any, opens nothing.
    fn type_parameters(&mut self, always: bool) -> Option<String> {
        if !self.grammar.dialect.type_params || !(always || self.random.chance(mix::TYPE_PARAMETERS)) {
            return None;
        }
        let in_class = self.sees_class();
        self.enter(Block::Annotation { in_class });
        let mut parts = Vec::new();
        let mut needs_default = false;
        for _ in 0..self.random.between(1, 3) {
            let name = if self.random.chance(50) { self.random.pick(&["T", "U"]) } else { self.name() };
            let identifier = self.identifier(name);
            let reserved = name == "__classdict__";
            if (reserved || self.top().bound.contains(&identifier)) && !self.slip() {
                continue;
            }
            self.bind(name);
            let stars = self.random.weighted(&[(6, ""), (1, "*"), (1, "**")]);
            let mut text = format!("{stars}{name}");
            if stars.is_empty() && self.random.chance(35) {
                let bound = self.annotation_like(in_class);
                let second = self.random.chance(30).then(|| self.annotation_like(in_class));
                text.push_str(&second.map_or_else(|| format!(": {bound}"), |second| format!(": ({bound}, {second})")));
            }
            let defaults = self.grammar.dialect.type_param_defaults && self.random.chance(20);
            if defaults || needs_default && !self.slip() {
                needs_default = true;
                let default = self.annotation_like(in_class);
                let star = if stars == "*" && self.random.chance(50) { "*" } else { "" };
                text = format!("{text} = {star}{default}");
            }
            parts.push(text);
        }
        if parts.is_empty() {
            self.bind("T");
            parts.push("T".to_owned());
        }
        Some(format!("[{}]", parts.join(", ")))
    }

    fn decorators(&mut self) {
        while self.random.chance(mix::DECORATOR) {
            let text = if self.grammar.any_decorator {
                self.expression()
            } else {
                let argument = self.expression();
                format!("{}.{}({argument})", self.load(), self.word())
            };
            self.line(&format!("@{text}"));
        }
    }

    pub(super) fn function(&mut self) {
        self.decorators();
        let is_async = self.random.chance(mix::ASYNC_FUNCTION);
        let yields = !is_async || self.random.chance(mix::ASYNC_GENERATOR);
        let is_method = self.block() == Block::Class && self.random.chance(70);
        let name = if self.random.chance(50) { self.random.weighted(mix::FUNCTION_NAMES) } else { self.name() };
        self.bind(name);
        let mut parameters = self.parameters(is_method.then_some("self"));
        let generics = self.type_parameters(false);
        self.annotate(&mut parameters);
        let returns = if self.random.chance(20) {
            let text = self.annotation();
            format!(" -> {text}")
        } else {
            String::new()
        };
        let prefix = if is_async { "async " } else { "" };
        let head =
            format!("{prefix}def {name}{}({}){returns}:", generics.as_deref().unwrap_or_default(), parameters.text());
        self.line(&head);
        self.enter(Block::Function { is_async, yields });
        self.bind_parameters(&parameters);
        self.body(true);
        self.leave();
        if generics.is_some() {
            self.leave();
        }
    }

    pub(super) fn class(&mut self) {
        self.decorators();
        let name = if self.random.chance(75) { self.random.weighted(mix::CLASS_NAMES) } else { self.name() };
        self.bind(name);
        let generics = self.type_parameters(false);
        let mut bases = Vec::new();
        while self.random.chance(25) {
            bases.push(self.small_expression());
        }
        if self.random.chance(12) {
            let value = self.expression();
            bases.push(format!("{}={value}", self.random.pick(&["metaclass", "k"])));
        }
        let list = if bases.is_empty() { String::new() } else { format!("({})", bases.join(", ")) };
        self.line(&format!("class {name}{}{list}:", generics.as_deref().unwrap_or_default()));
        self.enter_class(name);
        self.body(true);
        self.leave();
        if generics.is_some() {
            self.leave();
        }
    }

    /// A `type` statement; before there were any, an assignment.
    pub(super) fn alias(&mut self) -> String {
        let name = self.store();
        if !self.grammar.dialect.type_params {
            let value = self.small_expression();
            return format!("{name} = {value}");
        }
        let in_class = self.sees_class();
        let wants_generics = self.random.chance(40);
        let generics = if wants_generics { self.type_parameters(true) } else { None };
        let value = self.annotation_like(in_class);
        if generics.is_some() {
            self.leave();
        }
        format!("type {name}{} = {value}", generics.unwrap_or_default())
    }
}
