//! Several logs as one, in the order of time.
//!
//! Each log keeps its own order: where its clock goes back, its records are not moved past each other.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::ControlFlow;

use super::reader::Reader;
use crate::record::Record;
use crate::time::Timestamp;

/// Hands the records of all readers to `each`, the earliest first, until it breaks. Holds one record of each reader.
pub fn merge<B>(readers: &mut [Reader], mut each: impl FnMut(&Record) -> ControlFlow<B>) -> Option<B> {
    if let [reader] = readers {
        while let Some(record) = reader.next() {
            if let ControlFlow::Break(value) = each(record) {
                return Some(value);
            }
        }
        return None;
    }
    let mut waiting: Vec<Option<Record>> = Vec::with_capacity(readers.len());
    let mut order = BinaryHeap::new();
    let key = |record: &Record| record.time_or_near().map(Timestamp::as_nanos);
    for (index, reader) in readers.iter_mut().enumerate() {
        let first = reader.next().cloned();
        order.extend(first.as_ref().map(|record| Reverse((key(record), index))));
        waiting.push(first);
    }
    while let Some(Reverse((_, index))) = order.pop() {
        let Some(record) = waiting[index].take() else { continue };
        if let ControlFlow::Break(value) = each(&record) {
            return Some(value);
        }
        if let Some(next) = readers[index].next() {
            // The record's memory is used again for the next one of the same log.
            let mut reused = record;
            reused.clone_from(next);
            order.push(Reverse((key(&reused), index)));
            waiting[index] = Some(reused);
        }
    }
    None
}
