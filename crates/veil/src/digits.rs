//! Finds what reads as a telephone number in a text. It errs on the side of discretion: a run of digits that is none may be taken for
//! one, and whoever must see it whole is configured to.

use std::net::Ipv4Addr;

/// Letters of a UUID (RFC 9562 §4).
const UUID: usize = 36;

/// What counts as a number in one kind of text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    /// Digits it has at least.
    pub least: usize,
    /// What may stand between its digits, two in a row at most.
    pub between: &'static str,
    /// Whether this program wrote the text: then dotted addresses are addresses, UUIDs are names for machines, and what goes on with `xxx` or
    /// `…` is the beginning of numbers.
    pub ours: bool,
    /// Whether digits among letters of a hexadecimal word are part of that word.
    pub words: bool,
}

impl Rule {
    /// A field that holds a number.
    pub const NUMBER: Self = Self { least: 1, between: "", ours: true, words: false };
    /// What somebody else wrote: user parts, display names. `%` since digits may be written as `%34`.
    pub const FOREIGN: Self = Self { least: 4, between: " -.()/%\u{a0}", ours: false, words: false };
    /// Names for machines that somebody else made: Call-IDs, addresses of certificates, software.
    pub const TOKEN: Self = Self { least: 7, between: "", ours: false, words: true };
    /// Sentences, and whatever is not known.
    pub const TEXT: Self = Self { least: 7, between: " -()/", ours: true, words: false };
}

/// The text with each number in it replaced by what `show` makes of its digits and of whether a `+` stands before them.
pub(crate) fn replace(text: &str, rule: Rule, show: &mut dyn FnMut(&str, bool) -> String) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        if rule.ours && is_uuid(&letters, at) {
            let uuid: String = letters.iter().skip(at).take(UUID).collect();
            out.push_str(&replace(&uuid, Rule::TOKEN, show));
            at += UUID;
            continue;
        }
        let plus = letter == '+';
        let from = at + usize::from(plus);
        if letters.get(from).is_none_or(|&letter| digit(letter).is_none()) {
            out.push(letter);
            at += 1;
            continue;
        }
        let address = if rule.ours && !plus { dotted(letters.get(at..).unwrap_or_default()) } else { None };
        let (digits, end) = run(&letters, from, rule);
        let end = address.map_or(end, |length| at + length);
        let after = letters.get(end);
        let beginning = rule.ours && (after == Some(&'…') || starts(&letters, end, "xxx"));
        let within = rule.words && !plus && in_word(&letters, at, end);
        if address.is_some() || digits.len() < rule.least || beginning || within {
            out.extend(letters.get(at..end).unwrap_or_default());
        } else {
            out.push_str(&show(&digits, plus));
        }
        at = end;
    }
    out
}

/// The digits of a text, without all else.
pub(crate) fn digits_of(text: &str) -> String {
    text.chars().filter_map(digit).collect()
}

/// The value of a decimal digit in ASCII, full width, Arabic or Devanagari.
fn digit(letter: char) -> Option<char> {
    let zero = match letter {
        '0'..='9' => '0',
        '\u{ff10}'..='\u{ff19}' => '\u{ff10}',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6f0}'..='\u{6f9}' => '\u{6f0}',
        '\u{966}'..='\u{96f}' => '\u{966}',
        _ => return None,
    };
    char::from_digit(u32::from(letter) - u32::from(zero), 10)
}

/// The digits that begin at `from`, over what may stand between them, and where they end.
fn run(letters: &[char], from: usize, rule: Rule) -> (String, usize) {
    let (mut digits, mut end, mut at) = (String::new(), from, from);
    while let Some(&letter) = letters.get(at) {
        if let Some(digit) = digit(letter) {
            // An address after a number is an address of its own.
            if rule.ours && at > end && dotted(letters.get(at..).unwrap_or_default()).is_some() {
                break;
            }
            digits.push(digit);
            at += 1;
            end = at;
        } else if rule.between.contains(letter) && at - end < 2 {
            at += 1;
        } else {
            break;
        }
    }
    (digits, end)
}

/// How long the dotted IPv4 address is that begins here.
fn dotted(letters: &[char]) -> Option<usize> {
    let text: String =
        letters.iter().take_while(|&&letter| letter.is_ascii_digit() || letter == '.').take(16).collect();
    let text = text.trim_end_matches('.');
    text.parse::<Ipv4Addr>().ok().map(|_| text.len())
}

/// Whether a UUID stands here as a word of its own, of a version and a variant that there are: 8, 4, 4, 4 and 12 hexadecimal digits.
fn is_uuid(letters: &[char], at: usize) -> bool {
    let ends = |at: Option<usize>| at.and_then(|at| letters.get(at)).is_none_or(|letter| !letter.is_alphanumeric());
    let fits = |(place, letter): (usize, &char)| match place {
        8 | 13 | 18 | 23 => *letter == '-',
        14 => ('1'..='8').contains(letter),
        19 => "89abAB".contains(*letter),
        _ => letter.is_ascii_hexdigit(),
    };
    let here = letters.get(at..at + UUID);
    here.is_some_and(|here| here.iter().enumerate().all(fits)) && ends(at.checked_sub(1)) && ends(Some(at + UUID))
}

fn starts(letters: &[char], at: usize, word: &str) -> bool {
    word.chars().enumerate().all(|(place, letter)| letters.get(at + place) == Some(&letter))
}

/// Whether the digits are part of a word of hexadecimal digits with two letters at least.
fn in_word(letters: &[char], from: usize, to: usize) -> bool {
    let alphanumeric = |letter: &&char| letter.is_alphanumeric();
    let left = letters.get(..from).unwrap_or_default().iter().rev().take_while(alphanumeric);
    let right = letters.get(to..).unwrap_or_default().iter().take_while(alphanumeric);
    let others: Vec<_> = left.chain(right).collect();
    let hexadecimal = others.iter().all(|letter| letter.is_ascii_hexdigit());
    hexadecimal && others.iter().filter(|letter| letter.is_ascii_alphabetic()).count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rule: Rule, text: &str, expected: &str) {
        let shown = replace(text, rule, &mut |digits, plus| format!("<{}{digits}>", if plus { "+" } else { "" }));
        assert_eq!(shown, expected);
    }

    #[test]
    fn numbers_in_sentences() {
        let check = |text, expected| check(Rule::TEXT, text, expected);
        check("The number +441632960001 has called", "The number <+441632960001> has called");
        check("+44 (0)1632 960001.", "<+4401632960001>.");
        check("from 192.0.2.10 and 3 more", "from 192.0.2.10 and 3 more");
        check("7 calls 198.51.100.200 1632960001", "7 calls 198.51.100.200 <1632960001>");
        check("+441632960001 192.0.2.1", "<+441632960001> 192.0.2.1");
        check(
            "The block +441632960xxx since 28 November 10:15 UTC",
            "The block +441632960xxx since 28 November 10:15 UTC",
        );
        check("+441…01 on 28 November", "+441…01 on 28 November");
        check("1,234,567 calls, 20 % answered", "1,234,567 calls, 20 % answered");
        check("Europe 09:00-17:00, Asia 01:00-09:00", "Europe 09:00-17:00, Asia 01:00-09:00");
        check("2001:db8::1", "2001:db8::1");
        let whole = "for origin c4299dfb-0000-4000-8000-c30dab8bc429 has called";
        check(whole, whole);
        check("origin c4299dfb-0000-4000-8000-441632960001", "origin c4299dfb-0000-4000-8000-<441632960001>");
        check("origin c4299dfb-0000-0000-8000-c30dab8bc429", "origin c4299dfb-<000000008000>-c30dab8bc429");
        check("c4299dfb-0000-4000-8000-c30dab8bc4290", "c4299dfb-<000040008000>-c30dab8bc4290");
    }

    #[test]
    fn numbers_that_others_wrote() {
        let check = |text, expected| check(Rule::FOREIGN, text, expected);
        check("Bank 0163-296.0001", "Bank <01632960001>");
        check("1001;phone-context=x", "<1001>;phone-context=x");
        check("%34%34%31%36", "%<34343136>");
        check("４４１６３２９６０００１", "<441632960001>");
        check("441632960001xxx", "<441632960001>xxx");
        check("192.0.2.10", "<1920210>");
        check("alice", "alice");
        check("R2D2 07", "R2D2 07");
    }

    #[test]
    fn numbers_in_tokens() {
        let check = |text, expected| check(Rule::TOKEN, text, expected);
        check("441632960001-5@192.0.2.1", "<441632960001>-5@192.0.2.1");
        check("a84b4c76e66710@pc33.example.com", "a84b4c76e66710@pc33.example.com");
        check("ab1234567cd", "ab1234567cd");
        check("x1234567y", "x<1234567>y");
        check("FPBX-16.0.40(18.9)", "FPBX-16.0.40(18.9)");
        check("+441632960001ab", "<+441632960001>ab");
    }

    #[test]
    fn numbers_in_their_own_fields() {
        let check = |text, expected| check(Rule::NUMBER, text, expected);
        check("+441632960001", "<+441632960001>");
        check("+112", "<+112>");
        check("+441632960xxx", "+441632960xxx");
        check("+441632… called by +999123xxx", "+441632… called by +999123xxx");
        check("+441632960001 at 192.0.2.1", "<+441632960001> at 192.0.2.1");
    }
}
