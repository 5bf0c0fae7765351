//! Paths in tracebacks and files of a project: the file here that was deployed there.
//!
//! Deployment moves folders, not the end of a path: the file with the longest common end is the one, if there is just one.

use rustc_hash::FxHashMap;

use crate::fingerprint::is_in_app;

/// The files of a project, and how paths of tracebacks are rewritten before they are looked for.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    rules: Vec<(String, String)>,
    files: Vec<String>,
    by_name: FxHashMap<String, Vec<usize>>,
}

impl SourceMap {
    /// Of files, as paths with slashes; `rules` are pairs of what a path begins with there and here.
    pub fn new(rules: Vec<(String, String)>, files: Vec<String>) -> Self {
        let mut by_name: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (index, file) in files.iter().enumerate() {
            let name = file.rsplit('/').next().unwrap_or_default();
            by_name.entry(name.to_owned()).or_default().push(index);
        }
        Self { rules, files, by_name }
    }

    /// The file that a path of a traceback is; none if there is none, or if several are as good.
    pub fn find(&self, path: &str) -> Option<&str> {
        match self.candidates(path)[..] {
            [only] => Some(only),
            _ => None,
        }
    }

    /// The files that a path of a traceback may be: those with the longest common end. A rule that applies leaves one at most.
    pub fn candidates(&self, path: &str) -> Vec<&str> {
        if path.starts_with('<') {
            return Vec::new();
        }
        let path = path.replace('\\', "/");
        let rule = self.rules.iter().find(|(from, _)| starts_with_folder(&path, from));
        if let Some((from, to)) = rule {
            let rest = path[from.len()..].trim_start_matches('/');
            let wanted = format!("{}/{rest}", to.trim_end_matches('/'));
            let found = self.files.iter().find(|file| normal(file) == normal(&wanted));
            return found.map(String::as_str).into_iter().collect();
        }
        let Some(least) = least_common_end(&path) else { return Vec::new() };
        let named = path.rsplit('/').next().and_then(|name| self.by_name.get(name));
        let length = |file: &str| file.rsplit('/').zip(path.rsplit('/')).take_while(|(a, b)| a == b).count();
        let mut found: Vec<&str> = Vec::new();
        let mut longest = least;
        for file in named.into_iter().flatten().map(|&index| self.files[index].as_str()) {
            let length = length(normal(file));
            if length > longest {
                found.clear();
                longest = length;
            }
            if length == longest {
                found.push(file);
            }
        }
        found
    }

    /// Whether a rule says where a path lies here.
    pub fn has_rule(&self, path: &str) -> bool {
        self.rules.iter().any(|(from, _)| starts_with_folder(&path.replace('\\', "/"), from))
    }

    /// The files whose dotted name is this, or ends with it.
    pub fn files_of(&self, module: &str) -> Vec<&str> {
        let stem = module.replace('.', "/");
        let is_it = |file: &&str| {
            [format!("{stem}.py"), format!("{stem}/__init__.py")].iter().any(|end| {
                normal(file).strip_suffix(end.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
            })
        };
        self.files.iter().map(String::as_str).filter(is_it).collect()
    }

    /// All files.
    pub fn files(&self) -> &[String] {
        &self.files
    }

    /// The dotted name of the module that a path of a traceback is: from the outermost folder with an `__init__.py` on.
    pub fn module(&self, path: &str) -> Option<String> {
        self.module_of_file(self.find(path)?)
    }

    /// The dotted name of the module that a file of the project is.
    pub fn module_of_file(&self, file: &str) -> Option<String> {
        let file = normal(file);
        let stem = file.strip_suffix(".py").or_else(|| file.strip_suffix(".pyw"))?;
        let parts: Vec<&str> = stem.split('/').collect();
        let mut first = parts.len() - 1;
        while first > 0 {
            let init = format!("{}/__init__.py", parts[..first].join("/"));
            if !self.has(&init) {
                break;
            }
            first -= 1;
        }
        let mut name = &parts[first..];
        if name.len() > 1 && name.last() == Some(&"__init__") {
            name = &name[..name.len() - 1];
        }
        Some(name.join("."))
    }

    fn has(&self, wanted: &str) -> bool {
        let name = wanted.rsplit('/').next().unwrap_or_default();
        self.by_name.get(name).is_some_and(|found| found.iter().any(|&index| normal(&self.files[index]) == wanted))
    }
}

/// How many parts a path must have in common with a file of the project: an installed package all that follows
/// `site-packages`; none where no file can be meant, since the path is of the standard library.
fn least_common_end(path: &str) -> Option<usize> {
    if is_in_app(path) {
        return Some(1);
    }
    let below = path.rsplit('/').position(|part| matches!(part, "site-packages" | "dist-packages"));
    below.filter(|parts| *parts > 0)
}

fn normal(path: &str) -> &str {
    path.strip_prefix("./").unwrap_or(path)
}

fn starts_with_folder(path: &str, folder: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::SourceMap;

    fn map(rules: &[(&str, &str)]) -> SourceMap {
        let files = ["app/shop/__init__.py", "app/shop/cart.py", "app/web/cart.py", "app/main.py", "tools/main.py"];
        let rules = rules.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned()));
        SourceMap::new(rules.collect(), files.map(str::to_owned).to_vec())
    }

    #[test]
    fn the_longest_common_end_wins() {
        let map = map(&[]);
        assert_eq!(map.find("/srv/shop/cart.py"), Some("app/shop/cart.py"));
        assert_eq!(map.find("C:\\x\\app\\main.py"), Some("app/main.py"));
        assert_eq!(map.find("/srv/cart.py"), None, "two are as good");
        assert_eq!(map.find("/usr/lib/python3.13/json/decoder.py"), None);
        assert_eq!(map.find("/usr/lib/python3.13/shop/cart.py"), None, "the standard library is not the project");
        assert_eq!(map.find("/venv/lib/python3.13/site-packages/shop/cart.py"), Some("app/shop/cart.py"));
        assert_eq!(map.find("/venv/lib/python3.13/site-packages/other/cart.py"), None);
        assert_eq!(map.find("<frozen runpy>"), None);
    }

    #[test]
    fn rules_come_first() {
        let map = map(&[("/srv/app", "tools")]);
        assert_eq!(map.find("/srv/app/main.py"), Some("tools/main.py"));
        assert_eq!(map.find("/srv/apple/app/main.py"), Some("app/main.py"));
        assert_eq!(map.find("/srv/app/gone.py"), None);
    }

    #[test]
    fn modules_begin_at_the_outermost_package() {
        let map = map(&[]);
        assert_eq!(map.module("/srv/shop/cart.py").as_deref(), Some("shop.cart"));
        assert_eq!(map.module("/srv/shop/__init__.py").as_deref(), Some("shop"));
        assert_eq!(map.module("/x/app/main.py").as_deref(), Some("main"));
    }
}
