//! Boxes with a coloured letter, as SVG: what both pictures are made of.

use std::fmt::Write as _;

use super::{colour, colour_on, escaped};
use crate::explain::Answer;

/// Pixels per character of the text in boxes: no font of the list is wider on average.
const CHARACTER: usize = 7;
/// Pixels from line to line.
pub(super) const LINE: usize = 18;
/// Pixels around text.
const PAD: usize = 10;
/// Pixels that the letter of a line takes.
const BADGE: usize = 26;

/// A line of text in a box, with a letter in front of it if it has one.
pub(super) struct Row {
    pub(super) letter: Option<Answer>,
    pub(super) text: String,
    pub(super) strong: bool,
}

/// How the border of a box is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Border {
    Plain,
    Thick,
    Dashed,
}

/// A box at a place.
pub(super) struct Frame {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) width: usize,
    pub(super) rows: Vec<Row>,
    pub(super) border: Border,
    /// The letter whose colour its side has.
    pub(super) side: Option<Answer>,
}

impl Frame {
    /// Pixels from top to bottom.
    pub(super) fn height(&self) -> usize {
        self.rows.len() * LINE + 2 * PAD
    }

    /// How many characters fit into a line.
    pub(super) fn columns(width: usize) -> usize {
        (width.saturating_sub(2 * PAD + BADGE)) / CHARACTER
    }

    pub(super) fn write(&self, out: &mut String) {
        let Self { x, y, width, .. } = self;
        let height = self.height();
        let class = match self.border {
            Border::Plain => "box",
            Border::Thick => "box hit",
            Border::Dashed => "box skipped",
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"6\"/>"
        );
        if let Some(side) = self.side {
            let _ = writeln!(
                out,
                "<rect x=\"{x}\" y=\"{y}\" width=\"6\" height=\"{height}\" rx=\"3\" fill=\"{}\"/>",
                colour(side)
            );
        }
        for (at, row) in self.rows.iter().enumerate() {
            let base = y + PAD + at * LINE + 13;
            if let Some(letter) = row.letter {
                let (left, top) = (x + PAD + 2, base - 12);
                let _ = writeln!(
                    out,
                    "<rect x=\"{left}\" y=\"{top}\" width=\"18\" height=\"15\" rx=\"3\" fill=\"{}\"/>\
                     <text class=\"strong\" x=\"{}\" y=\"{base}\" text-anchor=\"middle\" style=\"fill:{}\">{}</text>",
                    colour(letter),
                    left + 9,
                    colour_on(letter),
                    letter.letter()
                );
            }
            let class = if row.strong { " class=\"strong\"" } else { "" };
            let _ = writeln!(out, "<text{class} x=\"{}\" y=\"{base}\">{}</text>", x + PAD + BADGE, escaped(&row.text));
        }
    }
}

/// A whole picture around what was drawn; `title` is read out where it cannot be seen.
pub(super) fn document(width: usize, height: usize, title: &str, body: &str) -> String {
    let title = escaped(title);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" aria-label=\"{title}\">\n<title>{title}</title>\n<style>\n\
         svg {{ background: #fff; }}\n\
         text {{ font: 12px ui-sans-serif, 'DejaVu Sans', Verdana, sans-serif; fill: #1b1b1b; }}\n\
         .strong {{ font-weight: bold; }}\n\
         .box {{ fill: #fafafa; stroke: #555; }}\n\
         .hit {{ stroke-width: 3; }}\n\
         .skipped {{ stroke-dasharray: 5 4; }}\n\
         .arrow {{ stroke: #555; fill: none; }}\n\
         .head {{ fill: #555; }}\n\
         @media (prefers-color-scheme: dark) {{\n\
         svg {{ background: #1b1b1b; }}\n\
         text {{ fill: #eee; }}\n\
         .box {{ fill: #262626; stroke: #aaa; }}\n\
         .arrow {{ stroke: #aaa; }}\n\
         .head {{ fill: #aaa; }}\n\
         }}\n</style>\n{body}</svg>\n"
    )
}
