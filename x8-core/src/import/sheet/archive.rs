//! The zip archive around a spreadsheet, with limits against hostile ones.

use std::{
    collections::HashMap,
    io::{self, BufReader, Cursor, Read},
};

use quick_xml::Reader;
use zip::{ZipArchive, read::ZipFile};

use super::{damaged, protected};
use crate::{
    error::{Error, ErrorKind, Result},
    import::{Limits, OPERATION, table::too_large},
};

/// A part as XML, unpacked while it is read.
pub(super) type Part<'a, 'b> = Reader<BufReader<Unpacked<'a, 'b>>>;

type Unpacked<'a, 'b> = Bounded<ZipFile<'a, Cursor<&'b [u8]>>>;

/// Parts smaller than this may be packed as tightly as they like.
const SMALL: u64 = 1024 * 1024;

/// Names that end like this are archives in the archive. They are never opened, and nothing needs them.
const NESTED: [&str; 12] = [
    ".zip", ".gz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".jar", ".xlsx", ".xlsm", ".xlsb", ".ods",
];

/// An open archive whose directory was found harmless.
#[derive(Debug)]
pub(super) struct Archive<'b> {
    zip: ZipArchive<Cursor<&'b [u8]>>,
    /// By lower-case name: parts refer to each other in any case.
    parts: HashMap<String, usize>,
}

impl<'b> Archive<'b> {
    /// Reads the directory and refuses what would not fit, before anything is unpacked.
    pub(super) fn open(bytes: &'b [u8], limits: &Limits) -> Result<Self> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
        if zip.len() > limits.parts {
            return Err(too_large("parts", zip.len(), limits.parts));
        }
        if listed(bytes).is_some_and(|listed| listed != zip.len()) {
            return Err(damaged(TWICE));
        }
        let mut parts = HashMap::with_capacity(zip.len());
        let mut total = 0_u64;
        for index in 0..zip.len() {
            let part = zip.by_index_raw(index).map_err(damaged)?;
            let name = part.name().map_err(damaged)?.to_lowercase();
            if part.encrypted() {
                return Err(protected());
            }
            check(&name, part.size(), part.compressed_size(), limits)?;
            total = total.saturating_add(part.size());
            if parts.insert(name.replace('\\', "/"), index).is_some() {
                return Err(damaged(TWICE));
            }
        }
        let total = usize::try_from(total).unwrap_or(usize::MAX);
        if total > limits.unpacked {
            return Err(too_large("bytes when unpacked", total, limits.unpacked));
        }
        Ok(Self { zip, parts })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.parts.contains_key(&name.to_lowercase())
    }

    /// A part by its name; `None` when there is none.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Part<'_, 'b>>> {
        let Some(bounded) = self.bounded(name)? else {
            return Ok(None);
        };
        let mut reader = Reader::from_reader(BufReader::with_capacity(64 * 1024, bounded));
        reader.config_mut().expand_empty_elements = true;
        Ok(Some(reader))
    }

    /// The beginning of a part as text.
    pub(super) fn start(&mut self, name: &str, bytes: u64) -> Result<Option<String>> {
        let Some(bounded) = self.bounded(name)? else {
            return Ok(None);
        };
        let mut start = Vec::new();
        bounded
            .take(bytes)
            .read_to_end(&mut start)
            .map_err(damaged)?;
        Ok(Some(String::from_utf8_lossy(&start).into_owned()))
    }

    fn bounded(&mut self, name: &str) -> Result<Option<Unpacked<'_, 'b>>> {
        let Some(index) = self.parts.get(&name.to_lowercase()) else {
            return Ok(None);
        };
        let part = self.zip.by_index(*index).map_err(damaged)?;
        let left = part.size();
        Ok(Some(Bounded { inner: part, left }))
    }
}

/// Which of two parts of one name a program shows differs from program to program.
const TWICE: &str = "two parts have the same name";

/// How many parts the directory says it lists: the library keeps one of each name.
fn listed(bytes: &[u8]) -> Option<usize> {
    const END: &[u8] = b"PK\x05\x06";
    // The directory's end is followed by a comment of 64 KiB at most.
    let from = bytes.len().saturating_sub(0x1_0000 + 22);
    let tail = bytes.get(from..)?;
    let at = tail.windows(END.len()).rposition(|own| own == END)?;
    let count = tail.get(at + 10..at + 12)?.try_into().ok()?;
    // In larger archives the number stands elsewhere; those have too many parts anyway.
    Some(usize::from(u16::from_le_bytes(count))).filter(|count| *count != 0xffff)
}

fn check(name: &str, size: u64, packed: u64, limits: &Limits) -> Result<()> {
    if NESTED.iter().any(|ending| name.ends_with(ending)) {
        return Err(Error::invalid(
            OPERATION,
            format!("the spreadsheet holds another archive, `{name}`; remove the embedded object"),
        ));
    }
    let ratio = u64::try_from(limits.ratio).unwrap_or(u64::MAX);
    if size > SMALL && size > packed.saturating_mul(ratio) {
        return Err(Error::new(
            ErrorKind::TooLarge,
            OPERATION,
            format!(
                "`{name}` unpacks {packed} bytes to {size}, more than {ratio} times as many; save the table as CSV"
            ),
        )
        .with("found", size)
        .with("limit", packed.saturating_mul(ratio)));
    }
    Ok(())
}

/// Reads no more than the directory declared: the limits were checked against that.
#[derive(Debug)]
pub(super) struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let read = u64::try_from(count).unwrap_or(u64::MAX);
        self.left = self
            .left
            .checked_sub(read)
            .ok_or_else(|| io::Error::other("a part is larger than the directory says"))?;
        Ok(count)
    }
}
