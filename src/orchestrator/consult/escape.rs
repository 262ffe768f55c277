//! The escapes of a JSON text, undone while it comes.

/// What the next letter of a text stands for.
pub enum Unit {
    /// The closing mark.
    Close,
    /// More letters decide, or none comes of it.
    Nothing,
    Letter(char),
}

/// Undoes the escapes of a JSON text, letter by letter. Half a surrogate pair stands for nothing.
#[derive(Debug, Default)]
pub struct Escape {
    mode: Mode,
    /// The first half of a surrogate pair, while the second may follow.
    high: Option<u32>,
}

#[derive(Clone, Copy, Debug, Default)]
enum Mode {
    #[default]
    Plain,
    /// After a backslash.
    Open,
    /// Inside `\u`.
    Unicode { digits: u32, value: u32 },
}

impl Escape {
    pub fn take(&mut self, letter: char) -> Unit {
        match (self.mode, letter.to_digit(16)) {
            (Mode::Plain, _) if letter == '\\' => {
                self.mode = Mode::Open;
                Unit::Nothing
            }
            (Mode::Plain, _) => {
                self.high = None;
                if letter == '"' { Unit::Close } else { Unit::Letter(letter) }
            }
            (Mode::Open, _) if letter == 'u' => {
                self.mode = Mode::Unicode { digits: 0, value: 0 };
                Unit::Nothing
            }
            (Mode::Open, _) => {
                *self = Escape::default();
                Unit::Letter(match letter {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    other => other,
                })
            }
            (Mode::Unicode { digits: 3, value }, Some(digit)) => {
                self.mode = Mode::Plain;
                self.unit(value * 16 + digit)
            }
            (Mode::Unicode { digits, value }, Some(digit)) => {
                self.mode = Mode::Unicode { digits: digits + 1, value: value * 16 + digit };
                Unit::Nothing
            }
            (Mode::Unicode { .. }, None) => {
                self.mode = Mode::Plain;
                self.take(letter)
            }
        }
    }

    /// The letter of a UTF-16 unit, with the half that came before it.
    fn unit(&mut self, unit: u32) -> Unit {
        let high = self.high.take();
        let code = match (unit, high) {
            (0xD800..=0xDBFF, _) => {
                self.high = Some(unit);
                return Unit::Nothing;
            }
            (0xDC00..=0xDFFF, Some(high)) => 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00),
            _ => unit,
        };
        char::from_u32(code).map_or(Unit::Nothing, Unit::Letter)
    }
}
