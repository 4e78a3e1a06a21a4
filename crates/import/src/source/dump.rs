//! The rows of one table in a MySQL dump.
//!
//! A small tokenizer for what `mysqldump` writes: comments, identifiers in backticks, strings with
//! backslash or doubled-quote escapes, numbers, `NULL`. Column names come from the mapping, from the
//! statement's own column list, or from a `CREATE TABLE` further up.

use std::collections::HashMap;
use std::io::BufRead;

use super::open::Text;
use super::{Header, Row, Step};
use crate::issue::codes;

/// Longest value a dump may hold, in bytes (64 MiB, MySQL's largest packet by default).
const MAX_VALUE_BYTES: usize = 64 << 20;

#[derive(PartialEq, Eq, Debug)]
enum Token {
    /// A word or number, as written.
    Word,
    /// An identifier in backticks.
    Name,
    /// A string.
    Text,
    /// One other character.
    Mark(u8),
    End,
}

struct Lexer {
    input: Box<dyn BufRead + Send>,
    line: u64,
    bytes: Vec<u8>,
}

impl Lexer {
    fn peek(&mut self) -> Result<Option<u8>, String> {
        Ok(self.input.fill_buf().map_err(|e| e.to_string())?.first().copied())
    }

    fn next(&mut self) -> Result<Option<u8>, String> {
        let byte = self.peek()?;
        if let Some(byte) = byte {
            self.input.consume(1);
            self.line += u64::from(byte == b'\n');
        }
        Ok(byte)
    }

    /// Reads a token; its text is left in `self.bytes`.
    fn token(&mut self) -> Result<Token, String> {
        self.bytes.clear();
        loop {
            let Some(byte) = self.next()? else {
                return Ok(Token::End);
            };
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => {}
                b'#' => self.skip_line()?,
                b'-' if self.peek()? == Some(b'-') => self.skip_line()?,
                b'/' if self.peek()? == Some(b'*') => self.skip_comment()?,
                b'`' => return self.name(),
                b'\'' | b'"' => return self.text(byte),
                b if is_word(b) => {
                    self.bytes.push(b);
                    while let Some(b) = self.peek()?.filter(|&b| is_word(b)) {
                        self.input.consume(1);
                        self.push(b)?;
                    }
                    return Ok(Token::Word);
                }
                mark => return Ok(Token::Mark(mark)),
            }
        }
    }

    fn push(&mut self, byte: u8) -> Result<(), String> {
        if self.bytes.len() >= MAX_VALUE_BYTES {
            return Err(format!(
                "line {}: a value is longer than {MAX_VALUE_BYTES} bytes",
                self.line
            ));
        }
        self.bytes.push(byte);
        Ok(())
    }

    fn skip_line(&mut self) -> Result<(), String> {
        while !matches!(self.next()?, None | Some(b'\n')) {}
        Ok(())
    }

    fn skip_comment(&mut self) -> Result<(), String> {
        let mut last = 0;
        self.next()?;
        while let Some(byte) = self.next()? {
            if last == b'*' && byte == b'/' {
                break;
            }
            last = byte;
        }
        Ok(())
    }

    fn name(&mut self) -> Result<Token, String> {
        while let Some(byte) = self.next()? {
            if byte == b'`' {
                return Ok(Token::Name);
            }
            self.push(byte)?;
        }
        Err(format!("line {}: a name in backticks has no end", self.line))
    }

    fn text(&mut self, quote: u8) -> Result<Token, String> {
        let start = self.line;
        while let Some(byte) = self.next()? {
            match byte {
                b'\\' => {
                    let Some(escaped) = self.next()? else { break };
                    self.push(match escaped {
                        b'n' => b'\n',
                        b't' => b'\t',
                        b'r' => b'\r',
                        b'0' => 0,
                        b'b' => 8,
                        b'Z' => 26,
                        other => other,
                    })?;
                }
                b if b == quote => {
                    if self.peek()? != Some(quote) {
                        return Ok(Token::Text);
                    }
                    self.input.consume(1);
                    self.push(quote)?;
                }
                other => self.push(other)?,
            }
        }
        Err(format!("line {start}: a string has no end"))
    }

    fn word_is(&self, word: &str) -> bool {
        self.bytes.eq_ignore_ascii_case(word.as_bytes())
    }

    fn taken(&mut self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'+' | b'-' | b'$' | b'@' | b':' | 0x80..)
}

pub(super) struct DumpReader {
    lexer: Lexer,
    table: String,
    inside: bool,
    decoded: bool,
    described: HashMap<String, Vec<String>>,
}

impl DumpReader {
    pub(super) fn new(text: Text, table: &str, columns: Option<&[String]>) -> Result<(Self, Header), String> {
        let lexer = Lexer {
            input: text.input,
            line: 1,
            bytes: Vec::new(),
        };
        let mut reader = Self {
            lexer,
            table: table.to_owned(),
            inside: false,
            decoded: text.decoded,
            described: HashMap::new(),
        };
        let listed = reader.seek()?;
        let header = match (columns, listed, reader.described.get(table)) {
            (Some(columns), _, _) => Header::new(columns),
            (None, Some(listed), _) => Header::new(listed),
            (None, None, Some(described)) => Header::new(described),
            (None, None, None) if reader.inside => {
                return Err(format!(
                    "the dump does not name the columns of {table}; the mapping must, with `columns`"
                ));
            }
            (None, None, None) => return Err(format!("the dump has no rows of table {table}")),
        };
        Ok((reader, header))
    }

    /// Goes to the next `INSERT INTO` of the table; gives the statement's column list, if it has one.
    fn seek(&mut self) -> Result<Option<Vec<String>>, String> {
        self.inside = false;
        loop {
            match self.lexer.token()? {
                Token::End => return Ok(None),
                Token::Word if self.lexer.word_is("insert") => {
                    if let Some(columns) = self.insert()? {
                        self.inside = true;
                        return Ok(columns);
                    }
                }
                Token::Word if self.lexer.word_is("create") => self.create()?,
                Token::Mark(b';') => {}
                _ => self.skip_statement()?,
            }
        }
    }

    fn skip_statement(&mut self) -> Result<(), String> {
        while !matches!(self.lexer.token()?, Token::Mark(b';') | Token::End) {}
        Ok(())
    }

    /// After `INSERT`: `None` when it is another table's, which is skipped.
    #[allow(clippy::option_option)]
    fn insert(&mut self) -> Result<Option<Option<Vec<String>>>, String> {
        let mut table = None;
        let mut columns: Option<Vec<String>> = None;
        loop {
            match self.lexer.token()? {
                Token::Word if self.lexer.word_is("values") => break,
                Token::Word if self.lexer.word_is("into") || self.lexer.word_is("ignore") => {}
                Token::Name | Token::Word => {
                    let name = self.lexer.taken();
                    match &mut columns {
                        Some(columns) => columns.push(name),
                        None => table = Some(name),
                    }
                }
                Token::Mark(b'(') => columns = Some(Vec::new()),
                Token::Mark(b')' | b',') => {}
                Token::End => return Ok(None),
                _ => {
                    self.skip_statement()?;
                    return Ok(None);
                }
            }
        }
        if table.as_deref() == Some(self.table.as_str()) {
            return Ok(Some(columns));
        }
        self.skip_statement()?;
        Ok(None)
    }

    /// After `CREATE`: notes the columns of a table.
    fn create(&mut self) -> Result<(), String> {
        let mut table = None;
        let mut columns = Vec::new();
        let mut depth = 0_u32;
        let mut at_start = false;
        loop {
            match self.lexer.token()? {
                Token::Mark(b';') | Token::End => break,
                Token::Mark(b'(') => {
                    depth += 1;
                    at_start = depth == 1;
                    continue;
                }
                Token::Mark(b')') => depth = depth.saturating_sub(1),
                Token::Mark(b',') => {
                    at_start = depth == 1;
                    continue;
                }
                Token::Name if depth == 0 && table.is_none() => table = Some(self.lexer.taken()),
                Token::Name if at_start => columns.push(self.lexer.taken()),
                _ => {}
            }
            at_start = false;
        }
        if let Some(table) = table {
            self.described.insert(table, columns);
        }
        Ok(())
    }

    pub(super) fn read(&mut self, row: &mut Row, width: usize) -> Result<Step, String> {
        while self.inside {
            match self.lexer.token()? {
                Token::Mark(b'(') => return self.tuple(row, width),
                Token::Mark(b',') => {}
                Token::End => self.inside = false,
                // A semicolon, or `ON DUPLICATE KEY`, ends the tuples.
                token => {
                    if token != Token::Mark(b';') {
                        self.skip_statement()?;
                    }
                    self.seek()?;
                }
            }
        }
        Ok(Step::End)
    }

    fn tuple(&mut self, row: &mut Row, width: usize) -> Result<Step, String> {
        row.line = self.lexer.line;
        let mut broken = None;
        let mut filled = false;
        loop {
            match self.lexer.token()? {
                Token::Mark(b')') => break,
                Token::Mark(b',') => filled = false,
                Token::Mark(b'-') => {}
                Token::Word if self.lexer.word_is("null") => row.push(""),
                Token::Word if self.lexer.word_is("_binary") => {}
                Token::Word | Token::Text => {
                    if filled {
                        return Err(format!("line {}: two values without a comma", self.lexer.line));
                    }
                    filled = true;
                    match std::str::from_utf8(&self.lexer.bytes) {
                        Ok(text) if !(self.decoded && text.contains('\u{FFFD}')) => row.push(text),
                        _ => {
                            broken = Some(String::from_utf8_lossy(&self.lexer.bytes).into_owned());
                            row.push("");
                        }
                    }
                }
                _ => {
                    return Err(format!(
                        "line {}: a row of values ends in the middle",
                        self.lexer.line
                    ));
                }
            }
        }
        if let Some(value) = broken {
            return Ok(Step::Bad(row.line, value, &codes::ENCODING));
        }
        if row.len() != width {
            return Ok(Step::Bad(
                row.line,
                format!("{} / {width}", row.len()),
                &codes::CELLS,
            ));
        }
        Ok(Step::Row)
    }
}
