//! Records with quotes, and where quotes make no sense (K2).

use crate::{
    error::{Error, Result},
    import::{
        OPERATION,
        encoding::Content,
        export::without_escape,
        table::{Builder, clean},
    },
};
use csv_core::ReadRecordResult;

/// Reads records that have quotes in them.
#[derive(Debug)]
pub(super) struct Quoted {
    reader: csv_core::Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Quoted {
    pub(super) fn new(delimiter: u8) -> Self {
        Self {
            reader: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
            text: vec![0; 1_024],
            ends: vec![0; 64],
        }
    }

    /// Adds the cells of the first record and tells how many bytes it took, its line end included; `None` when the record
    /// may go on behind these bytes, which are not the `last`.
    pub(super) fn read(
        &mut self,
        bytes: &[u8],
        last: bool,
        builder: &mut Builder<'_>,
    ) -> Result<Option<usize>> {
        self.reader.reset();
        let (mut read, mut written, mut cells) = (0, 0, 0);
        loop {
            let rest = bytes.get(read..).unwrap_or_default();
            let text = self.text.get_mut(written..).unwrap_or_default();
            let ends = self.ends.get_mut(cells..).unwrap_or_default();
            let (result, taken, filled, ended) = self.reader.read_record(rest, text, ends);
            read += taken;
            written += filled;
            cells += ended;
            match result {
                ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                // The next call, with nothing to read, ends the record.
                ReadRecordResult::InputEmpty if last => {}
                ReadRecordResult::InputEmpty => return Ok(None),
                ReadRecordResult::Record | ReadRecordResult::End => break,
            }
        }
        if read == bytes.len() && !last {
            return Ok(None);
        }
        let mut start = 0;
        for end in self.ends.iter().take(cells) {
            let cell = self.text.get(start..*end).unwrap_or_default();
            let cell = str::from_utf8(cell).map_err(|error| Error::internal(OPERATION, error))?;
            builder.text(without_escape(clean(cell)))?;
            start = *end;
        }
        // The reader stops behind `\r` and leaves the `\n` to the next record.
        let rest = bytes.get(read..).unwrap_or_default();
        let halved = bytes.get(..read).is_some_and(|own| own.ends_with(b"\r"));
        Ok(Some(read + usize::from(halved && rest.starts_with(b"\n"))))
    }
}

/// Where a scan for quotes is.
#[derive(Clone, Copy)]
enum Place {
    Start,
    Blank,
    Bare,
    Quoted { opened: u64 },
    Closed { opened: u64 },
}

/// The lines where text stands beside a quoted cell. A lenient reader would join it silently, and a forgotten quote
/// would swallow rows unseen. The first `skip` bytes are no part of the table.
///
/// # Errors
/// The line of a quote that is never closed.
pub(super) fn stray_quotes(
    content: Content<'_>,
    skip: usize,
    delimiter: u8,
) -> Result<Vec<u64>, u64> {
    let mut scan = Scan {
        delimiter,
        place: Place::Start,
        line: 1,
        strays: Vec::new(),
    };
    if content.may_quote() {
        let mut pieces = content.pieces();
        scan.see(pieces.text().get(skip..).unwrap_or_default());
        while !pieces.is_last() {
            pieces.more(pieces.text().len());
            scan.see(pieces.text());
        }
    }
    match scan.place {
        Place::Quoted { opened } => Err(opened),
        Place::Start | Place::Blank | Place::Bare | Place::Closed { .. } => Ok(scan.strays),
    }
}

/// A scan for quotes.
struct Scan {
    delimiter: u8,
    place: Place,
    line: u64,
    strays: Vec<u64>,
}

impl Scan {
    fn see(&mut self, text: &str) {
        // Quotes, spaces, delimiters and line ends are ASCII: the bytes of other letters are all alike.
        for byte in text.bytes() {
            let ends = byte == self.delimiter || byte == b'\n' || byte == b'\r';
            self.place = match (self.place, byte) {
                (Place::Start, b'"') => Place::Quoted { opened: self.line },
                (Place::Start | Place::Blank, b' ') => Place::Blank,
                (Place::Blank, b'"') => {
                    self.strays.push(self.line);
                    Place::Bare
                }
                (Place::Quoted { opened }, b'"') => Place::Closed { opened },
                (Place::Quoted { opened }, _) => Place::Quoted { opened },
                (Place::Closed { opened }, b'"') => Place::Quoted { opened },
                (Place::Start | Place::Blank | Place::Bare | Place::Closed { .. }, _) if ends => {
                    Place::Start
                }
                (Place::Closed { opened }, b' ') => Place::Closed { opened },
                (Place::Closed { .. }, _) => {
                    self.strays.push(self.line);
                    Place::Bare
                }
                (Place::Start | Place::Blank | Place::Bare, _) => Place::Bare,
            };
            self.line += u64::from(byte == b'\n');
        }
    }
}
