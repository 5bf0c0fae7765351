//! What the model of `dataclasses` asks of classes and their annotations.

use crate::heap::Object;
use crate::machine::{Eval, Machine};
use crate::native::Args;
use crate::value::Value;

/// The annotations that a class body makes, in order; kept aside where they are evaluated later.
pub(super) fn annotations_of(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let given = args.positional.first().cloned().unwrap_or(Value::None);
    let dict = match (machine.user_class(&given), machine.heap.of(&given)) {
        (Some(class), _) => machine.heap.class(class).dict,
        (None, Some(Object::Dict(_))) => given.as_obj().unwrap_or(crate::ty::Ty::Object.id()),
        _ => return Ok(machine.unknown("the annotations of something that is no class")),
    };
    for key in ["__annotations__", "__annotations__ (deferred)"] {
        if let Some(Value::Obj(id)) = machine.heap.dict(dict).value_of(key)
            && matches!(machine.heap.get(*id), Object::Dict(_))
        {
            return Ok(Value::Obj(*id));
        }
    }
    Ok(Value::Obj(machine.new_dict()))
}

/// Whether an annotation makes an ordinary field: `ClassVar`, `InitVar` and `KW_ONLY` do not.
pub(super) fn is_plain_annotation(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let special = |text: &str| ["ClassVar", "InitVar", "KW_ONLY"].iter().any(|word| text.contains(word));
    Ok(match args.positional.first() {
        Some(Value::Unknown(reason)) => Value::Bool(!special(machine.reasons.text(*reason))),
        Some(Value::Str(text)) => Value::Bool(!special(text)),
        _ => Value::Bool(true),
    })
}
