//! How programs end that start in an import cycle: a verdict for each entry, what would let a crashing one work, and the
//! cheapest edit after which all of them do.
//!
//! Every entry is a program of its own. Entries that are imports share the packages above them, which are run once.

pub(crate) mod circle;
pub(crate) mod cut;
pub(crate) mod entries;
pub(crate) mod taken;

use std::path::Path;

use legb_base::PyVersion;
use legb_eval::source::ModuleSource;
use legb_eval::{Budget, Entry, Simulation, Verdict, simulate, simulate_each};

use circle::Circle;
use cut::{Cut, Search};

/// Groups with more modules keep the order of modules only for entries that crash.
const TOLD_IN_FULL: usize = 50;
/// So many modules are tried as the one to import first.
const FIRSTS: usize = 8;
/// For so many entries of a group it is asked what has to be imported first.
const ASKED: usize = 40;

/// A program that is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Start {
    /// How it is called in answers.
    pub(crate) shown: String,
    /// The program.
    pub(crate) entry: Entry,
}

/// A program and how it ends.
#[derive(Clone, Debug)]
pub(crate) struct Ended {
    /// How it is called in answers.
    pub(crate) shown: String,
    /// Its story.
    pub(crate) story: Simulation,
    /// Whether a module that was found half-made makes it crash.
    pub(crate) circle: Option<Circle>,
    /// A module that, imported before, lets it work.
    pub(crate) works_after: Option<String>,
}

impl Ended {
    /// What `legb simulate` is told to start the program: an entry point of the project is called by its module and an object.
    pub(crate) fn started_by(&self) -> &str {
        self.shown.split_once(':').map_or(&self.shown, |(module, _)| module)
    }
}

/// The entries of a group of modules, and what repairs it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Judged {
    /// The entries.
    pub(crate) entries: Vec<Ended>,
    /// The cheapest edit after which every entry works, where one crashes for the cycle.
    pub(crate) cut: Option<Cut>,
}

impl Judged {
    /// Whether an entry crashes because of the cycle.
    pub(crate) fn crashes(&self) -> bool {
        self.entries.iter().any(|entry| entry.circle.is_some())
    }
}

/// How programs are run.
#[derive(Clone, Copy)]
pub(crate) struct Runs<'a> {
    /// The version.
    pub(crate) version: PyVersion,
    /// Where modules are found.
    pub(crate) source: &'a dyn ModuleSource,
    /// What each may cost.
    pub(crate) budget: Budget,
    /// The working directory, for what is told of paths.
    pub(crate) here: &'a Path,
    /// Whether the program need not run on versions without `lazy`.
    pub(crate) may_be_lazy: bool,
}

impl Runs<'_> {
    /// Runs programs, and hands over each story with the place of its program in the list.
    pub(crate) fn all<'s>(&self, starts: impl IntoIterator<Item = &'s Start>, mut tell: impl FnMut(usize, Simulation)) {
        let entries = starts.into_iter().map(|start| &start.entry);
        simulate_each(entries, self.version, self.source, self.budget, &mut tell);
    }

    /// Runs one program.
    pub(crate) fn one(&self, entry: &Entry) -> Simulation {
        simulate(entry, self.version, self.source, self.budget)
    }

    /// Judges groups of programs; `is_taken` says whether another file takes a name from a file; `sizes` are the numbers of
    /// modules of the groups.
    pub(crate) fn judge(
        &self,
        groups: &[Vec<Start>],
        sizes: &[usize],
        is_taken: &dyn Fn(&str, &str) -> bool,
    ) -> Vec<Judged> {
        let mut stories: Vec<Vec<Option<Simulation>>> = groups.iter().map(|group| vec![None; group.len()]).collect();
        let places: Vec<(usize, usize)> =
            groups.iter().enumerate().flat_map(|(at, group)| (0..group.len()).map(move |entry| (at, entry))).collect();
        self.all(groups.iter().flatten(), |place, mut story| {
            let (group, entry) = places[place];
            if sizes[group] > TOLD_IN_FULL && story.verdict != Verdict::Crashes {
                story.order = Vec::new();
            }
            stories[group][entry] = Some(story);
        });
        let ended = groups.iter().zip(stories).map(|(group, stories)| {
            let ended = group.iter().zip(stories).filter_map(|(start, story)| {
                let story = story?;
                let circle = Circle::of(&story);
                Some(Ended { shown: start.shown.clone(), story, circle, works_after: None })
            });
            ended.collect::<Vec<_>>()
        });
        let ended: Vec<Vec<Ended>> = ended.collect();
        ended.into_iter().zip(groups).map(|(entries, starts)| self.advised(entries, starts, is_taken)).collect()
    }

    /// Adds what would let crashing entries work.
    fn advised(&self, mut entries: Vec<Ended>, starts: &[Start], is_taken: &dyn Fn(&str, &str) -> bool) -> Judged {
        let mut working: Vec<&str> = Vec::new();
        for (ended, start) in entries.iter().zip(starts) {
            if let Entry::Imports { names, .. } = &start.entry
                && ended.story.verdict == Verdict::Works
            {
                working.extend(names.first().map(String::as_str));
            }
        }
        working.sort_by_key(|name| (name.matches('.').count(), name.len()));
        let mut after: Vec<(usize, String)> = Vec::new();
        let crashing = entries.iter().enumerate().filter(|(_, ended)| ended.circle.is_some());
        for (place, ended) in crashing.take(ASKED) {
            let Entry::Imports { names, root } = &starts[place].entry else { continue };
            // The half-made module and its like come first: they are what the cycle should be entered through.
            let half_made = ended.circle.as_ref().map_or("", |circle| circle.half_made.as_str());
            let mut firsts: Vec<&str> = working.clone();
            firsts.sort_by_key(|name| !ended.story.order.iter().any(|step| step.module == **name));
            firsts.retain(|name| *name != half_made && !names.iter().any(|own| own == name));
            let found = firsts.into_iter().take(FIRSTS).find(|first| {
                let names = std::iter::once((*first).to_owned()).chain(names.iter().cloned()).collect();
                self.one(&Entry::Imports { names, root: root.clone() }).verdict == Verdict::Works
            });
            after.extend(found.map(|first| (place, first.to_owned())));
        }
        for (place, first) in after {
            entries[place].works_after = Some(first);
        }
        let cut = Search { runs: *self, starts, is_taken }.cut(&entries);
        Judged { entries, cut }
    }
}
