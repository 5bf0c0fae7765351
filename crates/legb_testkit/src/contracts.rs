//! Pages of small projects with contracts, and what import-linter says of each.
//!
//! Under each heading of a Markdown page stand three blocks: `modules`, a file a line with its statements parted by `|`, each of which
//! becomes a line of the file; a configuration, in a block whose first word is its name; and `import-linter`, the answer that was
//! recorded from import-linter and never typed. [`answer`] writes the verdicts of legb in the words of that block.

use std::fs;
use std::io;
use std::ops::Range;
use std::path::Path;

use serde_json::Value;

/// The block that holds what import-linter says.
pub const RECORDED: &str = "import-linter";

/// A project under a heading.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// The heading.
    pub heading: String,
    /// Paths and texts, the configuration included.
    pub files: Vec<(String, String)>,
    /// What import-linter says, as recorded.
    pub recorded: Option<String>,
    /// The lines of the page with the recorded block, fences included; where it is missing, where it belongs.
    pub recorded_at: Range<usize>,
}

impl Project {
    /// Writes the files below `folder`.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        for (path, text) in &self.files {
            let path = folder.join(path);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, text)?;
        }
        Ok(())
    }
}

/// The projects of a page.
pub fn projects(page: &str) -> Vec<Project> {
    let mut projects: Vec<Project> = Vec::new();
    let mut lines = page.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        if let Some(heading) = line.strip_prefix("## ") {
            projects.push(Project { heading: heading.to_owned(), ..Project::default() });
            continue;
        }
        let (Some(kind), Some(project)) = (line.strip_prefix("```"), projects.last_mut()) else { continue };
        let mut text = String::new();
        let mut end = at + 1;
        for (inner, line) in lines.by_ref() {
            end = inner + 1;
            if line == "```" {
                break;
            }
            text.push_str(line);
            text.push('\n');
        }
        match kind {
            "modules" => project.files.extend(text.lines().map(file)),
            RECORDED => {
                project.recorded = Some(text);
                project.recorded_at = at..end;
                continue;
            }
            name => project.files.push((name.to_owned(), text)),
        }
        project.recorded_at = end..end;
    }
    projects
}

/// A file and its statements, from a line such as `a/b.py: import c | import d`.
fn file(line: &str) -> (String, String) {
    let (path, statements) = line.split_once(':').unwrap_or((line, ""));
    let lines: Vec<&str> =
        statements.split('|').map(str::trim_end).map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    (path.trim().to_owned(), lines.join("\n") + "\n")
}

/// The page with the answers of import-linter, in the order of its projects.
pub fn with_answers(page: &str, answers: &[String]) -> String {
    let mut lines: Vec<String> = page.lines().map(str::to_owned).collect();
    for (project, answer) in projects(page).iter().zip(answers).rev() {
        let mut block = vec![format!("```{RECORDED}")];
        block.extend(answer.lines().map(str::to_owned));
        block.push("```".to_owned());
        if project.recorded.is_none() {
            block.insert(0, String::new());
        }
        lines.splice(project.recorded_at.clone(), block);
    }
    lines.join("\n") + "\n"
}

/// What legb says, as `legb contracts --format json` prints it, in the words of the recorded block.
pub fn answer(rows: &Value) -> String {
    let mut lines = Vec::new();
    for row in rows.as_array().into_iter().flatten() {
        lines.push(format!("{} {}", text(&row["verdict"]), text(&row["name"])));
        let mut violations: Vec<String> =
            array(&row["violations"]).iter().flat_map(|found| violation(found, text(&row["kind"]))).collect();
        violations.sort();
        lines.extend(violations.into_iter().map(|line| format!("  {line}")));
        if row["ignored_imports"] != 0 {
            lines.push(format!("  ignored: {}", row["ignored_imports"]));
        }
    }
    lines.into_iter().map(|line| line + "\n").collect()
}

fn violation(found: &Value, kind: &str) -> Vec<String> {
    let end = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (importer, imported) = (end(&found["importer"]), end(&found["imported"]));
    let chains = array(&found["chains"]);
    if chains.is_empty() {
        return vec![text(&found["message"]).to_owned()];
    }
    let is_acyclic = kind == "acyclic_siblings";
    chains
        .iter()
        .map(|chain| format!("{importer} => {imported}: {}", written(chain, is_acyclic)).trim_start().to_owned())
        .collect()
}

fn written(chain: &Value, without_lines: bool) -> String {
    let links = array(&chain["links"]);
    let (firsts, lasts) = (array(&chain["extra_firsts"]), array(&chain["extra_lasts"]));
    let mut words = Vec::new();
    for (index, one) in links.iter().enumerate() {
        let mut group = vec![link(one, without_lines)];
        if index == 0 {
            group.extend(firsts.iter().map(|one| link(one, without_lines)));
        }
        if index + 1 == links.len() {
            group.extend(lasts.iter().map(|one| link(one, without_lines)));
        }
        words.push(group.join(" & "));
    }
    words.join(", ")
}

fn link(link: &Value, without_lines: bool) -> String {
    let names = format!("{} -> {}", text(&link["importer"]), text(&link["imported"]));
    if without_lines {
        return names;
    }
    let lines: Vec<String> = array(&link["lines"]).iter().map(|line| format!("l.{line}")).collect();
    format!("{names} ({})", lines.join(" "))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}
