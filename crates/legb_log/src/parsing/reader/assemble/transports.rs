//! Transports taken off: from a line of the log to the lines inside, and the lines that transports keep back or cut in parts.

use super::{Assembler, MAX_RECORD, MAX_STREAMS, Part, Place, Wrapping};
use crate::parsing::transport::{Envelope, Taken, strip_into};

impl Assembler {
    /// Takes all transports off a line, the outermost first.
    pub(super) fn unwrap(&mut self, text: &mut Vec<u8>, envelope: &mut Envelope) -> Taken {
        let mut result = Taken::Whole;
        for (depth, transport) in self.transports.iter_mut().enumerate() {
            self.outer.clear();
            match transport.take(text, &mut self.outer, envelope) {
                Taken::Unknown if depth == 0 => return Taken::Unknown,
                // A program may write its own lines into a container beside those of another transport.
                Taken::Unknown => {}
                taken => {
                    std::mem::swap(text, &mut self.outer);
                    if taken != Taken::Whole {
                        result = taken;
                    }
                    if taken == Taken::Kept {
                        break;
                    }
                }
            }
        }
        result
    }

    /// Goes on with a line as the transports left it.
    pub(super) fn passed(&mut self, taken: Taken, text: &mut Vec<u8>, number: u64) {
        let mut first = number;
        match taken {
            Taken::Kept => {
                self.kept_since.get_or_insert(number);
                return;
            }
            Taken::Part => return self.keep_part(text, number),
            Taken::Unknown => {}
            Taken::Whole => {
                if let Some(at) = self.parts.iter().position(|part| part.stream == self.envelope.stream) {
                    let mut part = self.parts.swap_remove(at);
                    part.text.append(text);
                    *text = part.text;
                    first = part.first;
                }
            }
        }
        if let Some(since) = self.kept_since.take() {
            first = since;
        }
        if memchr::memchr(0x1b, text).is_some() {
            self.outer.clear();
            strip_into(text, &mut self.outer);
            std::mem::swap(text, &mut self.outer);
        }
        let mut wrapping = match taken {
            Taken::Unknown => Wrapping::Missing,
            _ if self.envelope.is_continuation => Wrapping::Further,
            _ if self.envelope.is_entry => Wrapping::Entry,
            _ => Wrapping::Line,
        };
        for (index, piece) in text.split(|byte| *byte == b'\n').enumerate() {
            if index > 0 && wrapping == Wrapping::Entry {
                wrapping = Wrapping::Further;
            }
            let place = Place { first, last: number, wrapping };
            self.piece(piece.strip_suffix(b"\r").unwrap_or(piece), place);
        }
    }

    /// Keeps a part of a line until the rest has come.
    fn keep_part(&mut self, text: &mut Vec<u8>, number: u64) {
        let stream = &self.envelope.stream;
        if let Some(part) = self.parts.iter_mut().find(|part| part.stream == *stream) {
            part.last = number;
            if part.text.len() + text.len() <= MAX_RECORD {
                part.text.append(text);
            }
        } else if self.parts.len() < MAX_STREAMS {
            self.parts.push(Part { stream: stream.clone(), text: std::mem::take(text), first: number, last: number });
        }
    }

    /// At the end of the log: takes what transports kept back, and closes all records.
    pub(in crate::parsing::reader) fn finish(&mut self) {
        let mut text = Vec::new();
        if let Some(transport) = self.transports.first_mut() {
            self.envelope.clear();
            if transport.finish(&mut text, &mut self.envelope) == Taken::Whole {
                let last = self.kept_since.unwrap_or(1);
                self.passed(Taken::Whole, &mut text, last);
            }
        }
        for mut part in std::mem::take(&mut self.parts) {
            self.envelope.clear();
            self.envelope.stream = part.stream;
            self.kept_since = Some(part.first);
            self.passed(Taken::Whole, &mut part.text, part.last);
        }
        self.close_all();
    }
}
