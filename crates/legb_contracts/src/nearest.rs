//! Which of the known names did somebody mean who wrote an unknown one?

/// How alike two names have to be, from 0 to 1, for one to be suggested for the other.
const ALIKE: f64 = 0.75;

/// The known name that is most like `name`; of several, the first by name.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut best: Option<(f64, &str)> = None;
    for candidate in known {
        let likeness = strsim::normalized_damerau_levenshtein(name, candidate);
        let better = match best {
            None => true,
            Some((found, other)) => likeness > found || likeness.total_cmp(&found).is_eq() && candidate < other,
        };
        if likeness >= ALIKE && better {
            best = Some((likeness, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// What to say to somebody who named a module that does not exist: the nearest one that does, or else the longest beginning
/// of the name that does.
pub(crate) fn help_for_module<'a>(name: &str, known: &(impl Iterator<Item = &'a str> + Clone)) -> Option<String> {
    if let Some(candidate) = nearest(name, known.clone()) {
        return Some(format!("did you mean `{candidate}`?"));
    }
    let mut beginning = name;
    while let Some((shorter, _)) = beginning.rsplit_once('.') {
        if known.clone().any(|candidate| candidate == shorter) {
            return Some(format!("`{shorter}` exists, but nothing of that name below it"));
        }
        beginning = shorter;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{help_for_module, nearest};

    #[test]
    fn the_nearest_name_is_suggested_and_nothing_far_off() {
        let known = ["layers", "layer", "containers", "name"];
        assert_eq!(nearest("layrs", known), Some("layers"));
        assert_eq!(nearest("colour", known), None);
        let modules = ["shop", "shop.orders", "shop.stock"];
        assert_eq!(help_for_module("shop.order", &modules.into_iter()).unwrap(), "did you mean `shop.orders`?");
        assert!(help_for_module("shop.somethingelse", &modules.into_iter()).unwrap().contains("`shop` exists"));
        assert_eq!(help_for_module("django", &modules.into_iter()), None);
    }
}
