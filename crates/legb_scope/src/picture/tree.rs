//! The scopes of a file as a picture: a box for each, inside out by indentation, with its names by letter.

use std::fmt::Write as _;

use super::svg::{Border, Frame, Row, document};
use super::{label, meaning, mermaid_classes, wrapped};
use crate::tree::Node;

/// Pixels by which a scope stands further in than the one around it.
const INDENT: usize = 28;
const MARGIN: usize = 16;
const WIDTH: usize = 560;
const GAP: usize = 12;
/// Characters in a line of a Mermaid box.
const COLUMNS: usize = 60;

/// The tree as a Mermaid flowchart.
pub fn tree_mermaid(nodes: &[Node]) -> String {
    let mut out = "flowchart TB\n".to_owned();
    for (at, node) in nodes.iter().enumerate() {
        let mut lines = vec![heading(node)];
        for (answer, names) in &node.groups {
            let text = format!("{} {}", answer.letter(), names.join(", "));
            lines.extend(wrapped(&text, COLUMNS));
        }
        // Writing to a String cannot fail.
        let _ = writeln!(out, "  s{at}[\"{}\"]", label(&lines.join("\n")));
    }
    for (at, node) in nodes.iter().enumerate() {
        if let Some(parent) = node.parent {
            let _ = writeln!(out, "  s{parent} --> s{at}");
        }
    }
    out.push_str(&mermaid_classes());
    out
}

/// The tree as SVG.
pub fn tree_svg(path: &str, nodes: &[Node]) -> String {
    let mut body = String::new();
    let deepest = nodes.iter().map(|node| node.depth).max().unwrap_or_default();
    let mut y = MARGIN;
    let mut tops: Vec<(usize, usize)> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let x = MARGIN + node.depth * INDENT;
        let mut rows = vec![Row { letter: None, text: heading(node), strong: true }];
        for (answer, names) in &node.groups {
            let text = format!("{}: {}", meaning(*answer), names.join(", "));
            for (line, text) in wrapped(&text, Frame::columns(WIDTH)).into_iter().enumerate() {
                rows.push(Row { letter: (line == 0).then_some(*answer), text, strong: false });
            }
        }
        let frame = Frame { x, y, width: WIDTH, rows, border: Border::Plain, side: None };
        if let Some((parent_x, parent_bottom)) = node.parent.and_then(|parent| tops.get(parent).copied()) {
            let _ = writeln!(
                body,
                "<path class=\"arrow\" d=\"M{} {parent_bottom}V{}H{x}\"/>",
                parent_x + INDENT / 2,
                y + 18
            );
        }
        frame.write(&mut body);
        tops.push((x, y + frame.height()));
        y += frame.height() + GAP;
    }
    let width = WIDTH + deepest * INDENT + 2 * MARGIN;
    document(width, y + MARGIN - GAP, &format!("Scopes of {path}"), &body)
}

fn heading(node: &Node) -> String {
    let line = format!("line {}", node.line);
    let words: Vec<&str> = [line.as_str()].into_iter().chain(node.properties.iter().copied()).collect();
    format!("{} ({})", node.title, words.join(", "))
}
