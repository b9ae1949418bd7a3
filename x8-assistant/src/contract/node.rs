//! A forgiving JSON reader: what people and models write instead of JSON, as long as it has one reading (G1).

/// A value as it was written. Numbers stay text: no float ever touches money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
    /// What the end of the output cut off: a scalar, or the rest of a list or (under an empty key) of an object.
    Cut(String),
}

/// Why a value cannot be read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Syntax,
    TooDeep,
}

pub(super) const MAX_DEPTH: usize = 32;
const LONGEST_WORD: usize = 200;
const LONGEST_KEY: usize = 64;

/// Where a quoted text stands; decides what may follow its closing quote.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Key,
    Member,
    Element,
    Alone,
}

pub(super) struct Reader<'a> {
    chars: &'a [char],
    at: usize,
    depth: usize,
    pub(super) mends: Vec<&'static str>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(chars: &'a [char], at: usize) -> Self {
        Self {
            chars,
            at,
            depth: 0,
            mends: Vec::new(),
        }
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// The value at the current position, an object or a list at the outermost level.
    pub(super) fn outermost(&mut self) -> Result<Node, Fault> {
        self.value(Place::Alone)
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn mend(&mut self, what: &'static str) {
        if !self.mends.contains(&what) {
            self.mends.push(what);
        }
    }

    fn skip_space(&mut self) {
        self.at = self.after_space(self.at);
    }

    fn after_space(&self, from: usize) -> usize {
        let mut at = from;
        loop {
            match self.chars.get(at) {
                Some(c) if is_space(*c) => at += 1,
                Some('/') => match self.after_comment(at) {
                    Some(end) => at = end,
                    None => return at,
                },
                Some(_) | None => return at,
            }
        }
    }

    /// Behind `// …` or `/* … */`, which models write although JSON has none.
    fn after_comment(&self, at: usize) -> Option<usize> {
        let rest = self.chars.get(at + 2..)?;
        match self.chars.get(at + 1)? {
            '/' => Some(at + 2 + rest.iter().position(|c| *c == '\n').unwrap_or(rest.len())),
            '*' => {
                let length = rest.windows(2).position(|pair| pair == ['*', '/'])?;
                Some(at + 2 + length + 2)
            }
            _other => None,
        }
    }

    fn value(&mut self, place: Place) -> Result<Node, Fault> {
        self.skip_space();
        match self.peek() {
            None => {
                self.mend("cut off");
                Ok(Node::Cut(String::new()))
            }
            Some('{') => self.nested(Self::object),
            Some('[') => self.nested(Self::list),
            Some(quote) if is_quote(quote) => Ok(self.text(place)),
            Some(_) => self.word(place),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Node, Fault>) -> Result<Node, Fault> {
        if self.depth >= MAX_DEPTH {
            return Err(Fault::TooDeep);
        }
        self.depth += 1;
        self.at += 1;
        let node = read(self);
        self.depth -= 1;
        node
    }

    fn object(&mut self) -> Result<Node, Fault> {
        let mut entries = Vec::new();
        loop {
            let stray_comma = self.separators();
            match self.peek() {
                None => {
                    self.mend("cut off");
                    entries.push((String::new(), Node::Cut(String::new())));
                    break;
                }
                Some('}') => {
                    if stray_comma {
                        self.mend("trailing comma");
                    }
                    self.at += 1;
                    break;
                }
                Some(_) => {}
            }
            let key = self.key()?;
            self.skip_space();
            match self.peek() {
                Some(':') => self.at += 1,
                None => {
                    self.mend("cut off");
                    entries.push((String::new(), Node::Cut(String::new())));
                    break;
                }
                Some(_) => return Err(Fault::Syntax),
            }
            let value = self.value(Place::Member)?;
            entries.push((key, value));
        }
        Ok(Node::Object(entries))
    }

    fn list(&mut self) -> Result<Node, Fault> {
        let mut items = Vec::new();
        loop {
            let stray_comma = self.separators();
            match self.peek() {
                None => {
                    self.mend("cut off");
                    items.push(Node::Cut(String::new()));
                    break;
                }
                Some(']') => {
                    if stray_comma {
                        self.mend("trailing comma");
                    }
                    self.at += 1;
                    break;
                }
                Some('}' | ':') => return Err(Fault::Syntax),
                Some(_) => items.push(self.value(Place::Element)?),
            }
        }
        Ok(Node::List(items))
    }

    /// Skips white space and commas; tells whether there was a comma.
    fn separators(&mut self) -> bool {
        self.skip_space();
        let mut commas = 0_usize;
        while self.peek() == Some(',') {
            commas += 1;
            self.at += 1;
            self.skip_space();
        }
        if commas > 1 {
            self.mend("doubled comma");
        }
        commas > 0
    }

    fn key(&mut self) -> Result<String, Fault> {
        match self.peek() {
            Some(quote) if is_quote(quote) => match self.text(Place::Key) {
                Node::Text(key) | Node::Cut(key) => Ok(key),
                Node::Null | Node::Bool(_) | Node::Number(_) | Node::List(_) | Node::Object(_) => {
                    Err(Fault::Syntax)
                }
            },
            Some(first) if first.is_ascii_alphabetic() || first == '_' => {
                let start = self.at;
                while self.peek().is_some_and(is_word) && self.at - start < LONGEST_KEY {
                    self.at += 1;
                }
                self.mend("key without quotes");
                Ok(self.slice(start, self.at))
            }
            Some(_) | None => Err(Fault::Syntax),
        }
    }

    fn text(&mut self, place: Place) -> Node {
        let open = self.peek().unwrap_or('"');
        self.at += 1;
        if open == '\'' {
            self.mend("single quotes");
        } else if open != '"' {
            self.mend("typographic quotes");
        }
        let mut text = String::new();
        while let Some(c) = self.peek() {
            if c == '\\' {
                self.escape(&mut text);
                continue;
            }
            self.at += 1;
            if closes(open, c) {
                if self.ends_here(place) {
                    return Node::Text(text);
                }
                self.mend("quote inside a text not escaped");
            }
            text.push(c);
        }
        self.mend("cut off");
        Node::Cut(text)
    }

    /// Whether a quote just read closes its text: only when something structural follows.
    fn ends_here(&mut self, place: Place) -> bool {
        let next = self.after_space(self.at);
        match (self.chars.get(next), place) {
            (None, _) | (_, Place::Alone) | (Some('}' | ']'), Place::Member | Place::Element) => {
                true
            }
            (Some(':'), Place::Key) | (Some(','), Place::Element) => true,
            (Some(','), Place::Member) => {
                let after = self.after_space(next + 1);
                match self.chars.get(after) {
                    None | Some('}' | ',') => true,
                    Some(_) => self.key_at(after),
                }
            }
            (Some(c), Place::Member) if is_quote(*c) && self.key_at(next) => {
                self.mend("missing comma");
                true
            }
            (Some(_), Place::Key | Place::Member | Place::Element) => false,
        }
    }

    /// Whether a key and its colon stand at `from`; a key cut off by the end counts.
    fn key_at(&self, from: usize) -> bool {
        let quoted = self.chars.get(from).is_some_and(|c| is_quote(*c));
        let mut at = if quoted { from + 1 } else { from };
        let start = at;
        while self.chars.get(at).is_some_and(|c| is_word(*c)) && at - start < LONGEST_KEY {
            at += 1;
        }
        if quoted && self.chars.get(at).is_some_and(|c| is_quote(*c)) {
            at += 1;
        } else if quoted && at < self.chars.len() {
            return false;
        }
        let colon = self.after_space(at);
        (quoted && colon >= self.chars.len()) || (at > start && self.chars.get(colon) == Some(&':'))
    }

    fn escape(&mut self, text: &mut String) {
        self.at += 1;
        let Some(c) = self.peek() else { return };
        self.at += 1;
        match c {
            'n' => text.push('\n'),
            't' => text.push('\t'),
            'r' | 'b' | 'f' => text.push(' '),
            'u' => self.unicode_escape(text),
            other => {
                if !matches!(other, '"' | '\\' | '/') {
                    self.mend("unknown escape");
                }
                text.push(other);
            }
        }
    }

    fn unicode_escape(&mut self, text: &mut String) {
        let Some(high) = self.hex4() else {
            self.mend("broken unicode escape");
            return;
        };
        let paired = (0xD800..0xDC00).contains(&high)
            && self.peek() == Some('\\')
            && self.chars.get(self.at + 1) == Some(&'u');
        if !paired {
            text.push(char::from_u32(high).unwrap_or('\u{fffd}'));
            return;
        }
        self.at += 2;
        let low = self.hex4().unwrap_or(0);
        let joined = if (0xDC00..0xE000).contains(&low) {
            0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00)
        } else {
            0xFFFD
        };
        text.push(char::from_u32(joined).unwrap_or('\u{fffd}'));
    }

    fn hex4(&mut self) -> Option<u32> {
        let digits = self.chars.get(self.at..self.at + 4)?;
        let value = digits
            .iter()
            .try_fold(0, |value, c| Some(value * 16 + c.to_digit(16)?))?;
        self.at += 4;
        Some(value)
    }

    /// A scalar without quotes: number, word, or short text.
    fn word(&mut self, place: Place) -> Result<Node, Fault> {
        let start = self.at;
        while let Some(c) = self.peek() {
            let decimal_comma = c == ',' && place == Place::Member && self.decimal_comma(start);
            if matches!(c, '}' | ']' | '\n' | '\r') || (c == ',' && !decimal_comma) {
                break;
            }
            if self.at - start >= LONGEST_WORD || matches!(c, '{' | '[' | '"') {
                return Err(Fault::Syntax);
            }
            self.at += 1;
        }
        let word = self.slice(start, self.at).trim().to_owned();
        if self.peek().is_none() {
            self.mend("cut off");
            return Ok(Node::Cut(word));
        }
        self.scalar(word)
    }

    fn scalar(&mut self, word: String) -> Result<Node, Fault> {
        let odd = match word.as_str() {
            "null" => return Ok(Node::Null),
            "true" => return Ok(Node::Bool(true)),
            "false" => return Ok(Node::Bool(false)),
            "None" | "undefined" | "NaN" | "NULL" | "Null" => Node::Null,
            "True" | "TRUE" => Node::Bool(true),
            "False" | "FALSE" => Node::Bool(false),
            "" => return Err(Fault::Syntax),
            _ => {
                let number = word
                    .chars()
                    .all(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E'));
                if number {
                    return Ok(Node::Number(word));
                }
                Node::Text(word)
            }
        };
        self.mend("word that JSON does not know");
        Ok(odd)
    }

    /// Whether the comma at the current position belongs to a number such as `12,5`.
    fn decimal_comma(&self, start: usize) -> bool {
        let before = self.chars.get(start..self.at).unwrap_or_default();
        let mut at = self.at + 1;
        while self.chars.get(at).is_some_and(char::is_ascii_digit) {
            at += 1;
        }
        let digits = at > self.at + 1;
        let next = self.chars.get(self.after_space(at));
        let numeric = |c: &char| c.is_ascii_digit() || matches!(c, '-' | '.');
        !before.is_empty()
            && before.iter().all(numeric)
            && digits
            && matches!(next, Some(',' | '}'))
    }

    fn slice(&self, from: usize, to: usize) -> String {
        self.chars
            .get(from..to)
            .unwrap_or_default()
            .iter()
            .collect()
    }
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '“' | '”' | '„' | '‘' | '’' | '«')
}

/// Whether `c` may close a text that `open` opened.
fn closes(open: char, c: char) -> bool {
    match open {
        '"' => c == '"',
        '\'' => c == '\'',
        '‘' | '’' => matches!(c, '’' | '‘' | '\''),
        '«' => c == '»',
        _ => matches!(c, '”' | '“' | '"'),
    }
}
