//! What 3.8 checks when it turns the parse tree into a syntax tree, once the whole file has been parsed.
//!
//! Errors are at the start of the part of the parse tree that is being turned, which is often more than what is wrong.

use super::machine::Machine;
use super::node::{NodeId, NodeKind};
use super::raised::Raised;
use super::strings::Literal;
use crate::depth;

/// What a target is for, as messages say it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Store,
    Delete,
}

/// The first error, or nothing.
type Checked = Result<(), Raised>;

impl Machine<'_> {
    /// The first error in the tree under `node`.
    pub(super) fn check_tree(&mut self, node: NodeId) -> Checked {
        self.level += 1;
        if self.level > depth::LIMIT as usize {
            let near = (self.tokens[self.nodes[node].first].line, 0);
            let message = "maximum recursion depth exceeded during compilation";
            return Err(Raised::unplaced("RecursionError", message, near));
        }
        let checked = self.check_node(node);
        self.level -= 1;
        checked
    }

    fn check_node(&mut self, node: NodeId) -> Checked {
        match self.nodes[node].kind {
            NodeKind::AnnAssign => self.annotated_assignment(node),
            NodeKind::AugAssign => self.augmented_assignment(node),
            NodeKind::Assign => self.assignment(node),
            NodeKind::Number => {
                let token = self.tokens[self.nodes[node].first];
                self.number_error(&token).map_or(Ok(()), Err)
            }
            NodeKind::Bound => self.name(node, node),
            NodeKind::Class => {
                self.check_children(node)?;
                // CPython names the place behind the name.
                self.name(self.children(node)[0], self.children(node)[1])
            }
            NodeKind::Delete => self.check_targets(self.children(node)[0], Context::Delete),
            NodeKind::ForTargets => self.check_targets(self.children(node)[0], Context::Store),
            NodeKind::WithTarget => {
                self.check_children(node)?;
                self.target(self.children(node)[1], Context::Store, node)
            }
            NodeKind::FromNames => {
                let message = "trailing comma not allowed without surrounding parentheses";
                Err(self.tree_error(message, node))
            }
            NodeKind::NamedExpr => self.named_expression(node),
            NodeKind::Params => self.parameters(node),
            NodeKind::Arguments => self.arguments(node, true),
            NodeKind::ClassArguments => self.arguments(node, false),
            NodeKind::ListComp | NodeKind::SetComp | NodeKind::Generator => {
                let element = self.children(node)[1];
                self.check_tree(element)?;
                if self.nodes[element].kind == NodeKind::Starred {
                    return Err(self.tree_error("iterable unpacking cannot be used in comprehension", element));
                }
                self.check_tree(self.children(node)[2])
            }
            NodeKind::DictComp => {
                if self.nodes[self.children(node)[1]].kind == NodeKind::DoubleStar {
                    return Err(self.tree_error("dict unpacking cannot be used in dict comprehension", node));
                }
                self.check_children(node)
            }
            NodeKind::Str => {
                let list = self.children(node)[0];
                let start = self.nodes[node].first;
                self.strings(list, start)
                    .map(drop)
                    .map_err(|_| self.raised.take().unwrap_or_else(|| self.tree_error("", node)))
            }
            _ => self.check_children(node),
        }
    }

    fn check_children(&mut self, node: NodeId) -> Checked {
        for child in self.children(node).to_vec() {
            self.check_tree(child)?;
        }
        Ok(())
    }

    fn tree_error(&self, message: &str, node: NodeId) -> Raised {
        self.raise_nodes("SyntaxError", message, node, node)
    }

    /// The expression inside a node that only marks where it was written.
    fn inside(&self, node: NodeId) -> NodeId {
        if self.nodes[node].kind == NodeKind::Span { self.children(node)[0] } else { node }
    }

    fn annotated_assignment(&mut self, node: NodeId) -> Checked {
        let target = self.children(node)[0];
        self.check_tree(target)?;
        match self.nodes[self.inside(target)].kind {
            NodeKind::Name | NodeKind::Attribute | NodeKind::Subscript => {
                self.target(self.inside(target), Context::Store, target)?;
            }
            NodeKind::ListDisplay => {
                return Err(self.tree_error("only single target (not list) can be annotated", target));
            }
            NodeKind::Tuple => return Err(self.tree_error("only single target (not tuple) can be annotated", target)),
            _ => return Err(self.tree_error("illegal target for annotation", target)),
        }
        self.check_tree(self.children(node)[1])?;
        self.check_tree(self.children(node)[2])
    }

    fn augmented_assignment(&mut self, node: NodeId) -> Checked {
        let target = self.children(node)[0];
        self.check_tree(target)?;
        self.target(self.inside(target), Context::Store, target)?;
        match self.nodes[self.inside(target)].kind {
            NodeKind::Name | NodeKind::Attribute | NodeKind::Subscript => self.check_tree(self.children(node)[1]),
            _ => Err(self.tree_error("illegal expression for augmented assignment", target)),
        }
    }

    fn assignment(&mut self, node: NodeId) -> Checked {
        let mut targets = vec![self.children(node)[0]];
        targets.extend_from_slice(self.children(self.children(node)[1]));
        let value = targets.pop().unwrap_or(node);
        for target in targets {
            let inside = self.inside(target);
            // A yield in parentheses is a target that cannot be assigned to, one without is no target at all.
            if self.nodes[inside].kind == NodeKind::Yield && self.nodes[inside].first == self.nodes[target].first {
                return Err(self.tree_error("assignment to yield expression not possible", target));
            }
            self.check_tree(target)?;
            self.target(inside, Context::Store, target)?;
        }
        self.check_tree(value)
    }

    /// The targets of `for` and `del`, one after the other.
    fn check_targets(&mut self, list: NodeId, context: Context) -> Checked {
        for target in self.children(list).to_vec() {
            self.check_tree(target)?;
            self.target(self.inside(target), context, target)?;
        }
        Ok(())
    }

    /// Whether something can be assigned to or deleted; errors are at `place`.
    fn target(&self, node: NodeId, context: Context, place: NodeId) -> Checked {
        match self.nodes[node].kind {
            NodeKind::Tuple | NodeKind::ListDisplay | NodeKind::List => {
                self.children(node).iter().try_for_each(|&child| self.target(child, context, place))
            }
            NodeKind::Starred => self.children(node).iter().try_for_each(|&child| self.target(child, context, place)),
            NodeKind::Name if context == Context::Store => self.name(node, place),
            NodeKind::Attribute if context == Context::Store => self.name(self.children(node)[2], place),
            NodeKind::Token | NodeKind::Name | NodeKind::Attribute | NodeKind::Subscript => Ok(()),
            kind => {
                let verb = if context == Context::Store { "assign to" } else { "delete" };
                let formats = kind == NodeKind::Str && self.has_fstring(self.children(node)[0]);
                let described = if formats { NodeKind::FString.described(false) } else { self.describe(node) };
                Err(self.tree_error(&format!("cannot {verb} {described}"), place))
            }
        }
    }

    /// Whether a name may be bound.
    fn name(&self, name: NodeId, place: NodeId) -> Checked {
        if self.source_of(name) == b"__debug__" {
            return Err(self.tree_error("cannot assign to __debug__", place));
        }
        Ok(())
    }

    fn named_expression(&mut self, node: NodeId) -> Checked {
        self.check_children(node)?;
        let target = self.children(node)[0];
        if self.nodes[target].kind != NodeKind::Name {
            let message = format!("cannot use assignment expressions with {}", self.describe(target));
            return Err(self.tree_error(&message, node));
        }
        self.target(target, Context::Store, node)
    }

    /// The parameters and the stars between them, in order.
    fn flat(&self, node: NodeId, out: &mut Vec<NodeId>) {
        for &child in self.children(node) {
            match self.nodes[child].kind {
                NodeKind::List => self.flat(child, out),
                _ => out.push(child),
            }
        }
    }

    fn parameters(&mut self, node: NodeId) -> Checked {
        let mut items = Vec::new();
        self.flat(node, &mut items);
        let (mut default_seen, mut star_seen) = (false, false);
        for (index, &item) in items.iter().enumerate() {
            if self.nodes[item].kind == NodeKind::Param {
                let default = self.children(item)[1];
                let has_default = !self.children(default).is_empty();
                self.check_tree(default)?;
                if !has_default && default_seen && !star_seen {
                    return Err(self.tree_error("non-default argument follows default argument", node));
                }
                default_seen |= has_default;
                self.check_tree(self.children(item)[0])?;
                continue;
            }
            self.check_tree(item)?;
            let text = self.source_of(item);
            star_seen |= matches!(text, b"*" | b"**");
            if text == b"*" {
                self.bare_star(&items, index)?;
            }
        }
        Ok(())
    }

    /// A star without a name must be followed by a parameter.
    fn bare_star(&self, items: &[NodeId], star: usize) -> Checked {
        let is_comma = |index: usize| items.get(index).is_some_and(|&item| self.source_of(item) == b",");
        let message = "named arguments must follow bare *";
        if star + 1 >= items.len() || (star + 2 == items.len() && is_comma(star + 1)) {
            return Err(self.tree_error(message, items[star]));
        }
        if is_comma(star + 1) && self.nodes[items[star + 2]].kind != NodeKind::Param {
            return Err(self.tree_error(message, items[star + 2]));
        }
        Ok(())
    }

    fn arguments(&mut self, node: NodeId, generators: bool) -> Checked {
        let arguments = self.children(self.children(node)[0]).to_vec();
        let alone = arguments.len() == 1 && self.nodes[node].last == self.nodes[arguments[0]].last;
        for &argument in &arguments {
            if self.nodes[argument].kind == NodeKind::GeneratorArgument {
                if !generators {
                    return Err(self.tree_error("invalid syntax", argument));
                }
                if !alone {
                    return Err(self.tree_error("Generator expression must be parenthesized", argument));
                }
            }
        }
        let (mut keywords, mut unpacked) = (Vec::new(), false);
        let mut keyword_seen = false;
        for &argument in &arguments {
            match self.nodes[argument].kind {
                NodeKind::Positional | NodeKind::NamedExpr if keyword_seen => {
                    let what = if unpacked { "keyword argument unpacking" } else { "keyword argument" };
                    return Err(self.tree_error(&format!("positional argument follows {what}"), argument));
                }
                NodeKind::Starred if unpacked => {
                    let message = "iterable argument unpacking follows keyword argument unpacking";
                    return Err(self.tree_error(message, argument));
                }
                NodeKind::DoubleStar => {
                    keyword_seen = true;
                    unpacked = true;
                }
                NodeKind::Keyword => {
                    keyword_seen = true;
                    keywords.push(self.keyword(argument, &keywords)?);
                    self.check_tree(self.children(argument)[1])?;
                    continue;
                }
                _ => {}
            }
            self.check_tree(argument)?;
        }
        Ok(())
    }

    /// The name of a keyword argument.
    fn keyword(&self, argument: NodeId, seen: &[Vec<u8>]) -> Result<Vec<u8>, Raised> {
        let place = self.children(argument)[0];
        let name = self.children(place)[0];
        match self.nodes[name].kind {
            NodeKind::Name if self.nodes[name].first == self.nodes[place].first => {}
            NodeKind::True | NodeKind::False | NodeKind::None => {
                return Err(self.tree_error(&format!("cannot assign to {}", self.describe(name)), place));
            }
            _ => {
                let message = "expression cannot contain assignment, perhaps you meant \"==\"?";
                return Err(self.tree_error(message, place));
            }
        }
        self.name(name, place)?;
        let text = self.source_of(name).to_vec();
        if seen.contains(&text) {
            return Err(self.tree_error("keyword argument repeated", place));
        }
        Ok(text)
    }

    /// Whether adjacent literals contain an f-string.
    fn has_fstring(&self, list: NodeId) -> bool {
        self.children(list).iter().any(|&part| Literal::new(self.source_of(part)).format)
    }
}
