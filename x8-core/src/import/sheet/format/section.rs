//! A format code taken apart: what its sections put around a number.

use std::{iter::Peekable, str::Chars};

use crate::import::currency::is_sign;

/// One section of a format code.
#[derive(Debug, Default)]
pub(super) struct Section {
    /// The words around the number; the second says that the code itself calls it a currency.
    pub(super) words: Vec<(String, bool)>,
    pub(super) what: What,
    /// Whether it is for some numbers only.
    pub(super) conditional: bool,
    /// Whether something else than the number's own digits is shown: its thousands, a sign, or nothing.
    pub(super) altered: bool,
    digits: Digits,
    open: String,
}

/// What a section makes of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    #[default]
    Number,
    Date,
    Percent,
}

/// How far the places for digits were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Digits {
    #[default]
    None,
    Some,
    /// A comma behind them: it groups them, or divides by a thousand when no more follow.
    Comma,
}

/// The sections of a code, in order.
pub(super) fn sections(code: &str) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut letters = code.chars().peekable();
    loop {
        let mut section = Section::default();
        let more = section.read(&mut letters);
        sections.push(section);
        if !more {
            return sections;
        }
    }
}

impl Section {
    /// Reads up to the end of the section and tells whether another follows.
    fn read(&mut self, letters: &mut Peekable<Chars<'_>>) -> bool {
        while let Some(letter) = letters.next() {
            match letter {
                ';' => {
                    self.end();
                    return true;
                }
                '"' => self.word(until(letters, '"'), false),
                '[' => self.bracket(&until(letters, ']')),
                '_' | '*' => drop(letters.next()),
                '\\' => self.open.extend(letters.next()),
                own if is_sign(own) => self.open.push(own),
                own if own.is_alphabetic() => self.bare(own, letters),
                other => self.mark(other),
            }
        }
        self.end();
        false
    }

    fn word(&mut self, word: String, currency: bool) {
        self.close();
        self.words.push((word, currency));
    }

    fn be(&mut self, what: What) {
        self.what = self.what.max(what);
    }

    fn close(&mut self) {
        if !self.open.is_empty() {
            let word = std::mem::take(&mut self.open);
            self.words.push((word, false));
        }
    }

    /// `[$€-407]`, `[Red]`, `[h]`, `[>=100]`.
    fn bracket(&mut self, inside: &str) {
        if let Some(symbol) = inside.strip_prefix('$') {
            let symbol = symbol.rsplit_once('-').map_or(symbol, |(symbol, _)| symbol);
            self.word(symbol.to_owned(), true);
        } else {
            self.conditional |= inside.starts_with(['<', '>', '=']);
            if !inside.is_empty() && inside.chars().all(is_time) {
                self.be(What::Date);
            }
        }
    }

    /// Letters without quotes: parts of a date, or a word that a careless program wrote.
    fn bare(&mut self, first: char, letters: &mut Peekable<Chars<'_>>) {
        self.close();
        let mut run = String::from(first);
        while let Some(letter) = letters.next_if(|letter| letter.is_alphabetic()) {
            run.push(letter);
        }
        match run.to_lowercase().as_str() {
            "general" => self.digits = Digits::Some,
            "e" if matches!(letters.peek(), Some('+' | '-')) => drop(letters.next()),
            "am" | "pm" | "a" | "p" => self.be(What::Date),
            lower if lower.chars().all(is_date) => self.be(What::Date),
            _other => self.words.push((run, false)),
        }
    }

    fn mark(&mut self, mark: char) {
        self.close();
        match mark {
            '0' | '#' | '?' | '@' => self.digits = Digits::Some,
            '%' => self.be(What::Percent),
            ',' if self.digits == Digits::Some => self.digits = Digits::Comma,
            // A comma before the decimal point divides too.
            '.' => self.altered |= self.digits == Digits::Comma,
            '-' | '+' | '(' | ')' | '1'..='9' => self.altered |= self.what != What::Date,
            _blank => {}
        }
    }

    fn end(&mut self) {
        self.close();
        self.altered |= self.digits != Digits::Some;
    }
}

fn until(letters: &mut Peekable<Chars<'_>>, end: char) -> String {
    letters.take_while(|letter| *letter != end).collect()
}

fn is_time(letter: char) -> bool {
    matches!(letter, 'h' | 'm' | 's' | 'H' | 'M' | 'S')
}

fn is_date(letter: char) -> bool {
    matches!(letter, 'd' | 'm' | 'y' | 'h' | 's')
}
