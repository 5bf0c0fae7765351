//! Where the bytes of a log come from: a file, plain or packed with gzip or zstd, or standard input.
//!
//! Whether a file is packed is told by its first bytes, not by its name.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::time::UNIX_EPOCH;

use flate2::read::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// A log that is open.
pub struct Input {
    /// How it is called in output.
    pub name: String,
    /// Its bytes, unpacked.
    pub bytes: Box<dyn Read + Send>,
    /// When it was written last, in seconds since 1970.
    pub written: i64,
}

impl Input {
    /// Opens a file.
    ///
    /// # Errors
    /// If it cannot be opened or read, or its header as a packed file is broken.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
        }
        let age = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let written = age.and_then(|age| i64::try_from(age.as_secs()).ok()).unwrap_or_else(now);
        Ok(Self { name: path.display().to_string(), bytes: unpacked(Box::new(file))?, written })
    }

    /// Standard input.
    ///
    /// # Errors
    /// If its first bytes cannot be read.
    pub fn stdin() -> io::Result<Self> {
        Ok(Self { name: "-".to_owned(), bytes: unpacked(Box::new(io::stdin()))?, written: now() })
    }

    /// Bytes that lie in memory.
    pub fn memory(name: &str, bytes: Vec<u8>, written: i64) -> Self {
        Self { name: name.to_owned(), bytes: Box::new(Cursor::new(bytes)), written }
    }
}

/// Seconds since 1970.
fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// The bytes of a source, unpacked if it is packed.
fn unpacked(mut source: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let mut magic = [0; 4];
    let mut len = 0;
    while len < magic.len() {
        match source.read(&mut magic[len..]) {
            Ok(0) => break,
            Ok(count) => len += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        // A pipe may hold a single short line: only what can be packed is waited for.
        if !may_be_packed(&magic[..len]) {
            break;
        }
    }
    let whole = Cursor::new(magic[..len].to_vec()).chain(source);
    Ok(match &magic[..len] {
        [0x1f, 0x8b, ..] => Box::new(MultiGzDecoder::new(whole)),
        [0x28, 0xb5, 0x2f, 0xfd] => Box::new(Zstd::open(BufReader::new(Box::new(whole)))?),
        _ => Box::new(whole),
    })
}

fn may_be_packed(start: &[u8]) -> bool {
    [&[0x1f, 0x8b][..], &[0x28, 0xb5, 0x2f, 0xfd]].iter().any(|magic| {
        let len = magic.len().min(start.len());
        start[..len] == magic[..len] && start.len() < magic.len()
    })
}

/// Packed bytes, with what was looked at of them.
type Packed = BufReader<Box<dyn Read + Send>>;

/// Reads what zstd has packed: frames one after the other, as appending to a packed log makes them.
struct Zstd {
    source: Packed,
    decoder: FrameDecoder,
}

impl Zstd {
    fn open(source: Packed) -> io::Result<Self> {
        let mut zstd = Self { source, decoder: FrameDecoder::new() };
        zstd.next_frame()?;
        Ok(zstd)
    }

    /// Begins the next frame; false where there is none.
    fn next_frame(&mut self) -> io::Result<bool> {
        while !self.source.fill_buf()?.is_empty() {
            match self.decoder.init(&mut self.source) {
                Ok(()) => return Ok(true),
                // A frame of something else, which zstd passes over.
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    io::copy(&mut (&mut self.source).take(length.into()), &mut io::sink())?;
                }
                Err(error) => return Err(invalid(error)),
            }
        }
        Ok(false)
    }
}

impl Read for Zstd {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                self.decoder.decode_blocks(&mut self.source, BlockDecodingStrategy::UptoBlocks(1)).map_err(invalid)?;
            }
            let count = self.decoder.read(buffer)?;
            if count > 0 || buffer.is_empty() || !self.next_frame()? {
                return Ok(count);
            }
        }
    }
}

fn invalid(error: FrameDecoderError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
