//! A reason as lines for people and as data.

use serde_json::{Value, json};

use super::{Reason, Tie};

impl Tie {
    /// What is told below a failure.
    pub(crate) fn lines(&self) -> Vec<String> {
        match self {
            Self::NotAsked => Vec::new(),
            Self::Untied(why) => vec![format!("could not tie: {why}")],
            Self::Tied(reason) => reason.lines(),
        }
    }

    /// The reason as data, null where there is none, and why there is none.
    pub(crate) fn data(&self) -> (Value, Option<String>) {
        match self {
            Self::NotAsked => (Value::Null, None),
            Self::Untied(why) => (Value::Null, Some(why.clone())),
            Self::Tied(reason) => (reason.data(), None),
        }
    }
}

impl Reason {
    fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("here    {}:{}", self.place.0, self.place.1)];
        lines.extend(self.differences.iter().map(|difference| format!("note    {}", difference.sentence())));
        for (at, sentence) in self.because.iter().enumerate() {
            lines.push(format!("{}  {sentence}", if at == 0 { "why   " } else { "      " }));
        }
        if let Some(repair) = &self.repair {
            let tried = if repair.is_verified { "; tried: the program then works" } else { "" };
            if let Some(better) = &repair.better {
                lines.push(format!("repair  {better}"));
            }
            let word = if repair.better.is_some() { "or    " } else { "repair" };
            lines.push(format!("{word}  {}{tried}", repair.title));
            lines.extend(repair.lines.iter().map(|line| format!("          {line}")));
        }
        lines.push(format!("more    {}", self.command));
        lines
    }

    fn data(&self) -> Value {
        let mut data = self.data.clone();
        let repair = self.repair.as_ref().map_or(Value::Null, super::repair::Mended::data);
        data.insert("because".to_owned(), self.because.join("; ").into());
        data.insert("tied_to".to_owned(), json!({"path": self.place.0, "line": self.place.1}));
        data.insert("repair".to_owned(), repair.clone());
        if data.contains_key("verdict") {
            data.insert("cut".to_owned(), repair);
        }
        let differences = self.differences.iter().map(super::frames::Difference::data).collect();
        data.insert("differences".to_owned(), Value::Array(differences));
        data.insert("command".to_owned(), self.command.as_str().into());
        Value::Object(data)
    }
}
