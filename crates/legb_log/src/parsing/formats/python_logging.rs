//! Layouts that programs in Python write most: the defaults of `logging` and the formatters of well-known frameworks.
//!
//! Each is the format string itself. Other layouts are learned from the lines, see `learn`.

use crate::parsing::layout::Layout;

/// Names and format strings, those with more fields first.
const KNOWN: &[(&str, &str)] = &[
    ("loguru", "{asctime} | {levelname:<8} | {name}:{funcName}:{lineno} - {message}"),
    ("python-basic", "%(levelname)s:%(name)s:%(message)s"),
    ("python", "%(asctime)s - %(name)s - %(levelname)s - %(message)s"),
    ("python-level-first", "%(asctime)s - %(levelname)s - %(name)s - %(message)s"),
    ("celery-task", "[%(asctime)s: %(levelname)s/%(processName)s] %(task)s[%(task_id)s]: %(message)s"),
    ("celery", "[%(asctime)s: %(levelname)s/%(processName)s] %(message)s"),
    ("gunicorn", "[%(asctime)s] [%(process)d] [%(levelname)s] %(message)s"),
    ("flask", "[%(asctime)s] %(levelname)s in %(module)s: %(message)s"),
    ("airflow", "[%(asctime)s] {{%(filename)s:%(lineno)d}} %(levelname)s - %(message)s"),
    ("home-assistant", "%(asctime)s %(levelname)s (%(threadName)s) [%(name)s] %(message)s"),
    ("django-verbose", "%(levelname)s %(asctime)s %(module)s %(process)d %(thread)d %(message)s"),
    ("python-thread", "%(asctime)s [%(threadName)s] %(levelname)s %(name)s - %(message)s"),
    ("scrapy", "%(asctime)s [%(name)s] %(levelname)s: %(message)s"),
    ("alembic", "%(levelname)-5.5s [%(name)s] %(message)s"),
    ("python-brackets", "%(asctime)s [%(levelname)s] %(name)s: %(message)s"),
    ("python-bars", "%(asctime)s | %(levelname)s | %(name)s | %(message)s"),
    ("python-dashes", "%(asctime)s - %(levelname)s - %(message)s"),
    ("python-bracketed-level", "%(asctime)s [%(levelname)s] %(message)s"),
    ("python-plain", "%(asctime)s %(levelname)s %(message)s"),
    ("python-colon", "%(asctime)s %(levelname)s: %(message)s"),
];

/// The layouts that are known by a name.
pub(crate) fn known() -> Vec<Layout> {
    KNOWN
        .iter()
        .map(|(name, text)| Layout::parse(name, text).expect("invariant: the format strings above are valid"))
        .collect()
}
