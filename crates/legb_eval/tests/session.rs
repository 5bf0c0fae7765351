//! Programs that are run together end as each of them does alone, and what they have in common is run once.

use std::sync::Mutex;
use std::thread;

use legb_base::PyVersion;
use legb_eval::source::{Candidate, Files, ModuleSource, Packages};
use legb_eval::{Budget, Entry, simulate, simulate_each};
use legb_resolve::fs::MemoryFs;

/// Each of the plugins begins otherwise, and most of them load `app.core` next.
const PROJECT: [(&str, &str); 12] = [
    ("/p/app/__init__.py", "import typing\n"),
    (
        "/p/app/core.py",
        "import json\nfrom app import base\nfrom app.base import Base\nprint('core')\nNAMES = base.NAMES\n",
    ),
    (
        "/p/app/base.py",
        "from typing import Any\nNAMES = []\nclass Base:\n    def __init_subclass__(cls):\n        NAMES.append(cls)\n",
    ),
    (
        "/p/app/one.py",
        "import json\nfrom app.core import Base\nclass One(Base): pass\nassert len(NAMES) == 1 if False else True\n",
    ),
    (
        "/p/app/two.py",
        "from collections import OrderedDict\nfrom .core import Base, NAMES\nclass Two(Base): pass\nassert NAMES == [Two]\n",
    ),
    (
        "/p/app/three.py",
        "import app.core\nfrom app.two import Two\nclass Three(Two): pass\nassert app.core.NAMES == [Two, Three]\n",
    ),
    ("/p/app/loop.py", "from app.core import Base\nfrom app.pool import POOL\nLOOP = 1\n"),
    ("/p/app/pool.py", "from app.loop import LOOP\nPOOL = 1\n"),
    ("/p/app/looks.py", "import sys\nSEEN = 'app.core' in sys.modules\nfrom app import core\nassert not SEEN\n"),
    ("/p/app/tries.py", "try:\n    from app import core\nexcept ImportError:\n    core = None\nassert core.Base\n"),
    ("/p/app/asks.py", "import app\nprint(hasattr(app, 'core'))\nimport app.core\nprint(hasattr(app, 'core'))\n"),
    ("/p/main.py", "import app.core\nimport app.one\n"),
];

/// Files that note which of them are read.
struct Noting<'a> {
    files: Files<'a>,
    read: Mutex<Vec<String>>,
}

impl ModuleSource for Noting<'_> {
    fn candidate(&self, folder: &str, name: &str) -> Candidate {
        self.files.candidate(folder, name)
    }

    fn read(&self, path: &str) -> Option<Vec<u8>> {
        self.read.lock().expect("no reader panics").push(path.to_owned());
        self.files.read(path)
    }

    fn modules_in(&self, folder: &str) -> Vec<(String, bool)> {
        self.files.modules_in(folder)
    }

    fn packages(&self) -> Packages {
        self.files.packages
    }
}

#[test]
fn together_as_alone() {
    let work = || {
        let fs = MemoryFs::new(PROJECT);
        let source = Noting { files: Files { fs: &fs, packages: Packages::None }, read: Mutex::default() };
        let root = "/p".to_owned();
        let modules = PROJECT[..11].iter().map(|(path, _)| {
            let name = path.trim_start_matches("/p/").trim_end_matches(".py").replace('/', ".");
            let names = vec![name.trim_end_matches(".__init__").to_owned()];
            Entry::Imports { names, root: root.clone() }
        });
        let mains = [
            Entry::Script("/p/main.py".to_owned()),
            Entry::Module { name: "app.two".to_owned(), root: root.clone() },
            Entry::Module { name: "app.three".to_owned(), root: root.clone() },
        ];
        let entries: Vec<Entry> = modules.chain(mains).collect();
        let alone: Vec<_> =
            entries.iter().map(|entry| simulate(entry, PyVersion::NEWEST, &source, Budget::default())).collect();
        let cores = |read: &[String]| read.iter().filter(|path| *path == "/p/app/core.py").count();
        let read_alone = cores(&std::mem::take(&mut *source.read.lock().expect("no reader panics")));
        let mut together = vec![None; entries.len()];
        simulate_each(&entries, PyVersion::NEWEST, &source, Budget::default(), &mut |place, story| {
            together[place] = Some(story);
        });
        for ((entry, alone), together) in entries.iter().zip(&alone).zip(&together) {
            assert_eq!(Some(alone), together.as_ref(), "{entry:?}");
        }
        let read_together = cores(&source.read.lock().expect("no reader panics"));
        assert!(read_together < read_alone, "{read_together} of {read_alone} reads of what all have in common");
    };
    let thread = thread::Builder::new().stack_size(1 << 30).spawn(work).expect("a thread starts");
    thread.join().expect("all stories are the same");
}
