//! Row `config-laws`: merged documents keep the laws of merging, and every value stands where its place says.

use legb_testkit::merge_laws::broken_law;

use super::{Figure, Needs, Options, Row};

pub(super) const ROW: Row = Row {
    name: "config-laws",
    about: "random documents of JSON and TOML, merged in six ways: identity, idempotence, fold, arguments, places",
    needs: Needs::Nothing,
    measure,
};

/// How many seeds are tried.
const SEEDS: u64 = 20_000;
const QUICK_SEEDS: u64 = 2_000;
/// So many broken laws are shown.
const SHOWN: usize = 3;

#[expect(clippy::unnecessary_wraps, reason = "rows may fail")]
fn measure(options: &Options) -> anyhow::Result<Figure> {
    let count = if options.quick { QUICK_SEEDS } else { SEEDS };
    let broken: Vec<String> = (options.first_seed..options.first_seed + count).filter_map(broken_law).collect();
    for law in broken.iter().take(SHOWN) {
        println!("{law}");
    }
    Ok(Figure {
        measured: format!("{} broken laws over {count} sets of documents", broken.len()),
        bound: "0 broken laws",
        holds: broken.is_empty(),
    })
}
