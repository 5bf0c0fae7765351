//! Do `sarif` and `junit` reports satisfy the schemas that are published for them?

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use anstream::{AutoStream, ColorChoice};
use legb_base::{Certainty, Finding, LineColumn, LineRange, PyVersion, RelatedFinding, Severity};
use legb_report::{FORMATS, Report, merge};
use roxmltree::{Document, Node};

const SARIF: &str = include_str!("schemas/sarif-2.1.0.json");
const JUNIT: &str = include_str!("schemas/junit-10.xsd");

fn range(line: u32, start: u32, end: u32) -> LineRange {
    LineRange { start: LineColumn { line, column: start }, end: LineColumn { line, column: end } }
}

/// Findings with all that a finding can have, and with as little, and with what a format has to escape.
fn findings() -> Vec<Finding> {
    let full = Finding {
        rule: "unbound-local",
        code: "LEGB101",
        severity: Severity::Error,
        certainty: Certainty::Certain,
        message: "`a` <& \"b\"> \u{1b}[0m\nis read".to_owned(),
        path: "pkg dir/é#.py".to_owned(),
        range: range(9, 5, 10),
        related: vec![RelatedFinding {
            path: "b.py".to_owned(),
            range: range(2, 1, 6),
            message: "here".to_owned(),
            excerpt: Vec::new(),
        }],
        python: Some("UnboundLocalError: no value".to_owned()),
        fix: None,
        help: Some("say `global a`".to_owned()),
        excerpt: Vec::new(),
    };
    let bare = Finding {
        rule: "unused-import",
        code: "LEGB110",
        severity: Severity::Info,
        certainty: Certainty::Possible,
        related: Vec::new(),
        python: None,
        fix: None,
        help: None,
        range: range(1, 1, 1),
        ..full.clone()
    };
    vec![full, bare]
}

fn written(format: &str, findings: Vec<Finding>) -> String {
    let entries = merge(vec![(PyVersion::NEWEST, findings)]);
    let report =
        Report { entries: &entries, files: 3, versions: std::iter::once(PyVersion::NEWEST).collect(), summary: true };
    let format = FORMATS.iter().find(|known| known.name() == format).expect("a known format");
    let mut stream = AutoStream::new(Vec::new(), ColorChoice::Never);
    format.write(&report, &mut stream).unwrap();
    String::from_utf8(stream.into_inner()).unwrap()
}

#[test]
fn sarif_satisfies_its_schema() {
    let schema: serde_json::Value = serde_json::from_str(SARIF).unwrap();
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.add_resource("mem:///sarif.json", schema).unwrap();
    let schema = compiler.compile("mem:///sarif.json", &mut schemas).unwrap();
    for findings in [findings(), Vec::new()] {
        let log: serde_json::Value = serde_json::from_str(&written("sarif", findings)).unwrap();
        if let Err(error) = schemas.validate(&log, schema) {
            panic!("{error:#}");
        }
    }
    let broken = serde_json::json!({"version": "2.1.0"});
    assert!(schemas.validate(&broken, schema).is_err(), "a log needs runs");
}

/// What the schema of `JUnit` says of an element: its attributes, which of them it must have, and the elements it may hold.
#[derive(Default)]
struct Declared {
    attributes: Vec<String>,
    required: Vec<String>,
    children: Vec<String>,
    holds_text: bool,
}

/// The elements that the schema declares at its top; only the parts of XML Schema that this one is made of are read.
fn declared(schema: &Document<'_>) -> BTreeMap<String, Declared> {
    let elements = schema.root_element().children().filter(|node| node.tag_name().name() == "element");
    elements.map(|element| (element.attribute("name").unwrap().to_owned(), of_element(element))).collect()
}

fn of_element(element: Node<'_, '_>) -> Declared {
    let mut declared = Declared { holds_text: element.attribute("type") == Some("xs:string"), ..Declared::default() };
    for node in element.descendants() {
        match node.tag_name().name() {
            "complexType" => declared.holds_text |= node.attribute("mixed") == Some("true"),
            "element" => declared.children.extend(node.attribute("ref").map(str::to_owned)),
            "attribute" => {
                let name = node.attribute("name").unwrap().to_owned();
                if node.attribute("use") == Some("required") {
                    declared.required.push(name.clone());
                }
                declared.attributes.push(name);
            }
            _ => {}
        }
    }
    declared
}

/// What is wrong with an element and all below it.
fn violations(element: Node<'_, '_>, declared: &BTreeMap<String, Declared>) -> Vec<String> {
    let name = element.tag_name().name();
    let Some(known) = declared.get(name) else { return vec![format!("<{name}> is not declared")] };
    let mut wrong = Vec::new();
    for attribute in element.attributes().filter(|own| !known.attributes.iter().any(|name| name == own.name())) {
        wrong.push(format!("<{name}> has no attribute {}", attribute.name()));
    }
    for required in known.required.iter().filter(|required| !element.has_attribute(required.as_str())) {
        wrong.push(format!("<{name}> needs the attribute {required}"));
    }
    for child in element.children() {
        let inner = child.tag_name().name();
        if child.is_element() && !known.children.iter().any(|allowed| allowed == inner) {
            wrong.push(format!("<{name}> holds no <{inner}>"));
        } else if child.is_element() {
            wrong.extend(violations(child, declared));
        } else if child.is_text() && !known.holds_text && !child.text().unwrap_or_default().trim().is_empty() {
            wrong.push(format!("<{name}> holds no text"));
        }
    }
    wrong
}

#[test]
fn junit_satisfies_its_schema() {
    let schema = Document::parse(JUNIT).unwrap();
    let declared = declared(&schema);
    for findings in [findings(), Vec::new()] {
        let text = written("junit", findings);
        let report = Document::parse(&text).unwrap();
        assert_eq!(violations(report.root_element(), &declared), Vec::<String>::new());
    }
    let broken =
        Document::parse("<testsuites><testsuite name=\"a\" color=\"b\"><failure/>x</testsuite></testsuites>").unwrap();
    assert_eq!(violations(broken.root_element(), &declared).len(), 6);
}
