//! Functions that look at all items of an iterable: `sorted`, `min`, `max`, `sum`, `any`, `all`.

use super::functions::one;
use crate::heap::Object;
use crate::iterate::Next;
use crate::machine::{Eval, Machine};
use crate::native::Args;
use crate::program::{BinaryOp, Comparison};
use crate::ty::Ty;
use crate::value::{Reason, Value};

impl Machine<'_> {
    /// Sorts stably, as `list.sort` does.
    pub(super) fn sort(
        &mut self,
        items: Vec<Value>,
        key: Option<&Value>,
        reverse: &Value,
    ) -> Eval<Result<Vec<Value>, Reason>> {
        let reverse = match self.truth(reverse)? {
            Ok(reverse) => reverse,
            Err(reason) => return Ok(Err(reason)),
        };
        let mut keyed = Vec::with_capacity(items.len());
        for item in items {
            let key = match key {
                Some(function) => self.call(function, Args::of([item.clone()]))?,
                None => item.clone(),
            };
            if let Value::Unknown(reason) = key {
                return Ok(Err(reason));
            }
            keyed.push((key, item));
        }
        if reverse {
            keyed.reverse();
        }
        // Insertion into a sorted list by halves: comparisons may run code, and may raise.
        let mut sorted: Vec<(Value, Value)> = Vec::with_capacity(keyed.len());
        for (key, item) in keyed {
            let (mut low, mut high) = (0, sorted.len());
            while low < high {
                self.tick()?;
                let middle = usize::midpoint(low, high);
                let less = self.compare(Comparison::Lt, &key, &sorted[middle].0)?;
                match self.truth(&less)? {
                    Ok(true) => high = middle,
                    Ok(false) => low = middle + 1,
                    Err(reason) => return Ok(Err(reason)),
                }
            }
            sorted.insert(low, (key, item));
        }
        if reverse {
            sorted.reverse();
        }
        Ok(Ok(sorted.into_iter().map(|(_, item)| item).collect()))
    }
}

pub(super) fn sorted(machine: &mut Machine<'_>, mut args: Args) -> Eval<Value> {
    let key = args.take_keyword("key").filter(|key| !key.is_none());
    let reverse = args.take_keyword("reverse").unwrap_or(Value::Bool(false));
    let iterable = one(machine, &args, "sorted")?;
    match machine.collect_unordered(&iterable)? {
        Ok(items) => {
            let set = matches!(machine.heap.of(&iterable), Some(Object::Set { .. })) && key.is_some();
            match machine.sort(items, key.as_ref(), &reverse)? {
                Ok(items) if !set => Ok(machine.new_list(items)),
                Ok(items) => {
                    let distinct = items.len() < 2;
                    if distinct {
                        Ok(machine.new_list(items))
                    } else {
                        Ok(machine.unknown("equal keys of a set keep its order"))
                    }
                }
                Err(reason) => Ok(Value::Unknown(reason)),
            }
        }
        Err(reason) => Ok(Value::Unknown(reason)),
    }
}

pub(super) fn extreme(machine: &mut Machine<'_>, mut args: Args, op: Comparison, name: &'static str) -> Eval<Value> {
    let key = args.take_keyword("key").filter(|key| !key.is_none());
    let default = args.take_keyword("default");
    let items = if args.positional.len() == 1 {
        match machine.collect_unordered(&args.positional[0])? {
            Ok(items) => items,
            Err(reason) => return Ok(Value::Unknown(reason)),
        }
    } else {
        args.positional
    };
    let mut best: Option<(Value, Value)> = None;
    for item in items {
        let rank = match &key {
            Some(function) => machine.call(function, Args::of([item.clone()]))?,
            None => item.clone(),
        };
        let better = match &best {
            None => Ok(true),
            Some((known, _)) => {
                let less = machine.compare(op, &rank, known)?;
                machine.truth(&less)?
            }
        };
        match better {
            Ok(true) => best = Some((rank, item)),
            Ok(false) => {}
            Err(reason) => return Ok(Value::Unknown(reason)),
        }
    }
    match best.map(|(_, item)| item).or(default) {
        Some(item) => Ok(item),
        None => {
            let what = if machine.words.says_iterable_is_empty {
                "iterable argument is empty"
            } else {
                "arg is an empty sequence"
            };
            Err(machine.raise(Ty::ValueError, format!("{name}() {what}")))
        }
    }
}

pub(super) fn sum(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let mut total = args.get(1, "start").cloned().unwrap_or(Value::Int(0));
    let Some(iterable) = args.positional.first() else {
        return Ok(machine.unmodelled("sum() without an iterable"));
    };
    if matches!(total, Value::Str(_)) {
        return Err(machine.raise(Ty::TypeError, "sum() can't sum strings [use ''.join(seq) instead]"));
    }
    match machine.collect_unordered(iterable)? {
        Ok(items) => {
            // From 3.12 on floats are summed with compensation.
            let floats = items.iter().filter(|item| matches!(item, Value::Float(_))).count();
            if floats > 1 && machine.words.compensates_sums {
                return Ok(compensated(machine, &items, &total));
            }
            for item in items {
                total = machine.binary(BinaryOp::Add, &total, &item)?;
            }
            Ok(total)
        }
        Err(reason) => Ok(Value::Unknown(reason)),
    }
}

/// Neumaier summation (`cs_add`, `Python/bltinmodule.c`).
pub(super) fn compensated(machine: &mut Machine<'_>, items: &[Value], start: &Value) -> Value {
    let Some(mut high) = crate::operate::as_float(start) else { return machine.unmodelled("such a sum") };
    let mut low = 0.0;
    for item in items {
        let Some(x) = crate::operate::as_float(item) else { return machine.unmodelled("such a sum") };
        let total = high + x;
        if high.abs() >= x.abs() {
            low += (high - total) + x;
        } else {
            low += (x - total) + high;
        }
        high = total;
    }
    Value::Float(if low != 0.0 && f64::is_finite(low) { high + low } else { high })
}

pub(super) fn any_all(machine: &mut Machine<'_>, args: &Args, wanted: bool) -> Eval<Value> {
    let iterable = one(machine, args, if wanted { "any" } else { "all" })?;
    let iterator = machine.iter(&iterable)?;
    loop {
        match machine.next(&iterator)? {
            Next::Item(item) => match machine.truth(&item)? {
                Ok(truth) if truth == wanted => return Ok(Value::Bool(wanted)),
                Ok(_) => {}
                Err(reason) => return Ok(Value::Unknown(reason)),
            },
            Next::End => return Ok(Value::Bool(!wanted)),
            Next::Unknown(reason) => return Ok(Value::Unknown(reason)),
        }
    }
}
