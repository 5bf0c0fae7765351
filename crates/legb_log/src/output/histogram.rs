//! Records over time: as lines, as JSON, and as a picture.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::level::Level;

use super::series::{Bar, Series};
use super::summary::total;
use super::summary_json::levels;
use super::summary_text::style_of;

/// The width of the longest bar, in characters.
const WIDTH: u64 = 50;

/// The bars as lines: when each begins, how many records it has, and how many of them of which level.
pub fn histogram_text(series: &Series) -> String {
    let most = series.bars().map(|(_, bar)| total(bar)).max().unwrap_or(0).max(1);
    let mut out = String::new();
    for (time, bar) in series.bars() {
        let _ = write!(out, "{time} {:>9}  ", total(bar));
        for level in Level::ALL.into_iter().rev().map(Some).chain([None]) {
            let count = bar[super::series::bar_index(level)];
            let len = usize::try_from((count * WIDTH).div_ceil(most)).unwrap_or(0);
            let style = style_of(level);
            if len > 0 {
                let _ = write!(out, "{style}{}{style:#}", "█".repeat(len));
            }
        }
        out.push('\n');
    }
    if series.left_out() > 0 {
        let _ = writeln!(out, "{:20} {:>9}", "(no time)", series.left_out());
    }
    out
}

/// The bars as JSON objects `{"start", "count", "levels"}`.
pub fn histogram_json(series: &Series) -> Vec<Value> {
    series
        .bars()
        .map(|(time, bar)| json!({"start": time.to_string(), "count": total(bar), "levels": levels(bar)}))
        .collect()
}

/// So many bars fit into the picture.
const MAX_COLUMNS: usize = 200;

const PICTURE: (usize, usize) = (800, 200);

/// The colours of levels, from debug to none; readable on light and dark.
const COLOURS: [&str; 6] = ["#9aa0a6", "#4c9a5b", "#d9a400", "#d1495b", "#8e1b3a", "#c0c4c9"];

/// The bars as a picture in SVG, levels on top of each other, the gravest at the bottom.
pub fn histogram_svg(series: &Series) -> String {
    let (width, height) = PICTURE;
    let all: Vec<_> = series.bars().collect();
    let first = all.first().map_or(0, |(time, _)| time.seconds);
    let last = all.last().map_or(0, |(time, _)| time.seconds);
    let columns = all.len().clamp(1, MAX_COLUMNS);
    let bars: Vec<Bar> = if all.len() > MAX_COLUMNS {
        series.joined(first, last, columns)
    } else {
        all.iter().map(|(_, bar)| **bar).collect()
    };
    let most = bars.iter().map(total).max().unwrap_or(0).max(1);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {}\" font-family=\"sans-serif\" font-size=\"12\" \
         role=\"img\" aria-label=\"records over time\">\n",
        height + 44
    );
    for (index, bar) in bars.iter().enumerate() {
        let (x, end) = (index * width / columns, (index + 1) * width / columns);
        let gap = usize::from(end - x > 3);
        let mut y = height as u64;
        for level in Level::ALL.into_iter().rev().map(Some).chain([None]) {
            let place = super::series::bar_index(level);
            let len = bar[place] * height as u64 / most;
            // What is there is seen, however small.
            let len = if bar[place] > 0 { len.max(1) } else { 0 };
            y = y.saturating_sub(len);
            if len > 0 {
                let name = level.map_or("no level", Level::as_str);
                let _ = writeln!(
                    out,
                    "<rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{len}\" fill=\"{}\"><title>{name}: {}</title></rect>",
                    (end - x - gap).max(1),
                    COLOURS[place],
                    bar[place]
                );
            }
        }
    }
    legend(&bars, &mut out);
    if let (Some((first, _)), Some((last, _))) = (all.first(), all.last()) {
        let y = height + 16;
        let _ = writeln!(out, "<text x=\"0\" y=\"{y}\" fill=\"#777\">{first}</text>");
        let _ = writeln!(out, "<text x=\"{width}\" y=\"{y}\" fill=\"#777\" text-anchor=\"end\">{last}</text>");
    }
    out.push_str("</svg>\n");
    out
}

/// Which colour is which level.
fn legend(bars: &[Bar], out: &mut String) {
    let y = PICTURE.1 + 36;
    let mut x = 0;
    for level in Level::ALL.into_iter().rev().map(Some).chain([None]) {
        let place = super::series::bar_index(level);
        let count: u64 = bars.iter().map(|bar| bar[place]).sum();
        if count > 0 {
            let name = level.map_or("no level", Level::as_str);
            let _ = writeln!(
                out,
                "<rect x=\"{x}\" y=\"{}\" width=\"10\" height=\"10\" fill=\"{}\"/>",
                y - 10,
                COLOURS[place]
            );
            let _ = writeln!(out, "<text x=\"{}\" y=\"{y}\" fill=\"#777\">{name} {count}</text>", x + 14);
            x += 34 + 8 * (name.len() + count.to_string().len());
        }
    }
}
