//! Where do the snippets of errors and oddities go?
//!
//! An error is written in the first place where it is one, or at the end of the module inside whatever it needs.

use super::generator::Generator;
use super::scope::Block;
use super::snippets::{
    BINDINGS, CURIOSITIES, DEBUG, DECLARATIONS, FIRST_LINES, LAZY, Needs, PLACES, Place, SHAPES, Snippet, WALRUS,
};

/// The kinds of errors, and how often each is drawn.
const PROVOCATIONS: &[(usize, &[Snippet])] =
    &[(6, DECLARATIONS), (5, BINDINGS), (5, WALRUS), (8, PLACES), (3, DEBUG), (3, SHAPES), (2, LAZY)];

impl Generator {
    /// Writes an error that is one at this point. False if none was found.
    pub(super) fn provoke_here(&mut self) -> bool {
        if self.line_count() == 0 && self.random.chance(50) {
            let snippet = self.random.pick(FIRST_LINES);
            self.write_snippet(snippet);
            self.owed -= 1;
            return true;
        }
        let snippet = self.provocation();
        let fits = self.fits(snippet);
        if fits {
            self.write_snippet(snippet);
            self.owed -= 1;
        }
        fits
    }

    /// Writes an error at the end of the module, inside a function or class if it has to be.
    pub(super) fn provoke_anyhow(&mut self) {
        self.owed -= 1;
        let snippet = self.provocation();
        let (place, ..) = snippet;
        let header = match place {
            Place::Class => "class C:",
            Place::Function | Place::Plain => "def f():",
            Place::Async => "async def f():",
            Place::Module | Place::Outside => "",
            Place::Anywhere | Place::NotAsync => self.random.pick(&["", "def f(a):", "class C:"]),
        };
        if !header.is_empty() {
            self.line(header);
            self.indent += 1;
        }
        self.write_snippet(snippet);
        self.indent = 0;
    }

    /// Writes a legal oddity. False if the one drawn does not fit here.
    pub(super) fn curiosity(&mut self) -> bool {
        let snippet = self.random.pick(CURIOSITIES);
        let fits = self.fits(snippet) && self.has(snippet.1);
        if fits {
            self.write_snippet(snippet);
        }
        fits
    }

    /// A provocation that the version can parse.
    fn provocation(&mut self) -> Snippet {
        loop {
            let group = self.random.weighted(PROVOCATIONS);
            let snippet = self.random.pick(group);
            if self.has(snippet.1) {
                return snippet;
            }
        }
    }

    fn has(&self, needs: Needs) -> bool {
        let dialect = &self.grammar.dialect;
        match needs {
            Needs::Nothing => true,
            Needs::Debug => !dialect.debug_errors_from_parser,
            Needs::Match => dialect.match_statement,
            Needs::ExceptStar => dialect.except_star,
            Needs::TypeParams => dialect.type_params,
            Needs::Defaults => dialect.type_param_defaults,
            Needs::Lazy => dialect.lazy_imports,
            Needs::EagerAnnotations => !dialect.deferred_annotations,
            Needs::DeferredAnnotations => dialect.deferred_annotations,
        }
    }

    fn fits(&self, (place, ..): Snippet) -> bool {
        let block = self.block();
        match place {
            Place::Anywhere => true,
            Place::Module => block == Block::Module && self.indent == 0,
            Place::Class => block == Block::Class,
            Place::Function => self.in_function(),
            Place::Plain => matches!(block, Block::Function { is_async: false, .. }),
            Place::Async => matches!(block, Block::Function { is_async: true, .. }),
            Place::NotAsync => !matches!(block, Block::Function { is_async: true, .. }),
            Place::Outside => matches!(block, Block::Module | Block::Class),
        }
    }

    fn write_snippet(&mut self, (_, _, text): Snippet) {
        let mut names: Vec<&str> = Vec::new();
        for fallback in ["a", "x", "y"] {
            // `_` is no name in a pattern, the variables of a class can break the compiler, and the three have to differ.
            let drawn = self.name();
            let taken: Vec<String> = names.iter().map(|name| self.identifier(name)).collect();
            let is_usable =
                !["_", "lazy", "super", "__class__"].contains(&drawn) && !taken.contains(&self.identifier(drawn));
            names.push(if is_usable { drawn } else { fallback });
        }
        if names[1] == names[2] {
            names[2] = "z";
        }
        let text = text
            .replace("{n}", names[0])
            .replace("{m}", names[1])
            .replace("{k}", names[2])
            .replace("{{", "{")
            .replace("}}", "}");
        for word in text.split(|character: char| !(character.is_alphanumeric() || character == '_')) {
            self.note(word);
        }
        for line in text.lines() {
            self.line(line);
        }
    }
}
