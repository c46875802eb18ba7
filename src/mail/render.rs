//! A letter becomes the bytes that go out. Values are data: cleaned by their kind, filled in once,
//! and never able to add a header, a line or a template expression.

use std::collections::BTreeMap;
use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox as Header, Message, MultiPart, SinglePart};

use super::clean;
use super::settings::{MailSettings, Zone};
use super::templates::{Problem, Templates};
use super::when;
use crate::domain::mail::{Kind, Letter, MailEvent, Mailbox, Placeholder, Render, RenderProblem, Rendered};

/// Longest subject, in characters.
const SUBJECT_LIMIT: usize = 200;
/// Longest word: numbers, user names, roles.
const WORD_LIMIT: usize = 200;
/// Lines longer than this are encoded, so that nothing on the way folds them.
const PLAIN_LINE_LIMIT: usize = 76;
/// Most message ids in `References`; the first and the newest are kept.
const REFERENCES_LIMIT: usize = 20;

/// Renders letters with the office's templates and name.
pub struct Renderer {
    from: Mailbox,
    reply_to: Option<String>,
    office_lang: String,
    zone: Zone,
    templates: Templates,
}

impl Renderer {
    /// Loads the templates. What is wrong with them is in [`Renderer::problems`] and comes back
    /// from [`Render::render`] for the mails concerned; the others are not held up.
    pub fn new(settings: &MailSettings) -> Renderer {
        Renderer {
            from: Mailbox { address: settings.from.clone(), name: Some(settings.office_name.clone()) },
            reply_to: settings.reply_to.clone(),
            office_lang: settings.office_lang.clone(),
            zone: settings.zone,
            templates: Templates::load(settings.template_dir.as_deref()),
        }
    }

    /// Everything that is wrong with the templates.
    pub fn problems(&self) -> &[Problem] {
        self.templates.problems()
    }

    /// The office's name as values may show it.
    fn office(&self) -> String {
        clean::one_line(self.from.name.as_deref().unwrap_or_default(), WORD_LIMIT)
    }

    fn values(&self, letter: &Letter, lang: &str) -> Result<BTreeMap<&'static str, String>, RenderProblem> {
        let reply_to = self.reply_to.as_ref().unwrap_or(&self.from.address);
        let mut values =
            BTreeMap::from([("office", self.office()), ("reply_to", clean::one_line(reply_to, WORD_LIMIT))]);
        for p in letter.event.placeholders() {
            let given = letter.values.get(p.name).map(|v| v.trim()).unwrap_or_default();
            let value = if given.is_empty() {
                String::new()
            } else {
                cleaned(p.kind, given, Wording { lang, zone: self.zone }).map_err(|problem| {
                    RenderProblem {
                        template: letter.event.to_string(),
                        placeholder: Some(p.name.to_string()),
                        problem: format!("\"{}\" {problem}", p.name),
                        remedy: remedy_for(letter, p),
                    }
                })?
            };
            if value.is_empty() && p.required {
                return Err(RenderProblem {
                    template: letter.event.to_string(),
                    placeholder: Some(p.name.to_string()),
                    problem: format!("\"{}\" is empty and the mail needs it", p.name),
                    remedy: remedy_for(letter, p),
                });
            }
            values.insert(p.name, value);
        }
        Ok(values)
    }
}

impl Render for Renderer {
    fn render(&self, letter: &Letter) -> Result<Rendered, RenderProblem> {
        let event = letter.event;
        let lang = self
            .templates
            .language(event, &[&letter.lang, &self.office_lang, "en"])
            .ok_or_else(|| no_template(event, &letter.lang))?;
        if let Some(problem) = self.templates.broken(event, &lang) {
            return Err(as_render_problem(problem.clone()));
        }
        let values = self.values(letter, &lang)?;
        let parts = self.templates.fill(event, &lang, &values).map_err(as_render_problem)?;
        let subject = clean::one_line(&parts.subject, SUBJECT_LIMIT);
        let text = clean::block(&parts.text) + "\n";

        let mut builder = Message::builder()
            .message_id(Some(checked_id(&letter.message_id).ok_or_else(|| bad_id(letter))?.to_string()))
            .date(UNIX_EPOCH + Duration::from_millis(u64::try_from(letter.date).unwrap_or(0)))
            .from(header_mailbox(&self.from, event)?)
            .to(header_mailbox(&recipient(letter), event)?)
            .subject(subject.clone())
            .raw_header(fixed_header("Auto-Submitted", "auto-generated"));
        if let Some(reply_to) = &self.reply_to {
            let office = Mailbox { address: reply_to.clone(), name: self.from.name.clone() };
            builder = builder.reply_to(header_mailbox(&office, event)?);
        }
        let references = kept_references(&letter.references);
        if let Some(last) = references.last() {
            builder = builder.in_reply_to(last.to_string()).references(references.join(" "));
        }

        let plain = part(ContentType::TEXT_PLAIN, text);
        let message = match parts.html {
            None => builder.singlepart(plain),
            Some(html) => builder.multipart(
                // The boundary comes from the id, so that rendering twice gives the same bytes.
                MultiPart::alternative()
                    .boundary(boundary(&letter.message_id))
                    .singlepart(plain)
                    .singlepart(part(ContentType::TEXT_HTML, clean::block(&html) + "\n")),
            ),
        };
        let message = message.map_err(|error| RenderProblem {
            template: format!("{event}.{lang}.txt"),
            placeholder: None,
            problem: format!("the message cannot be built: {error}"),
            remedy: "check the sender's and the recipient's address".to_string(),
        })?;
        Ok(Rendered { subject, bytes: message.formatted(), lang })
    }
}

/// How points in time are worded.
struct Wording<'a> {
    lang: &'a str,
    zone: Zone,
}

fn cleaned(kind: Kind, given: &str, wording: Wording<'_>) -> Result<String, &'static str> {
    match kind {
        Kind::Name => Ok(clean::name(given).unwrap_or_default()),
        Kind::Word | Kind::Secret => Ok(clean::one_line(given, WORD_LIMIT)),
        Kind::Text => Ok(clean::block(given)),
        Kind::Link | Kind::SecretLink => {
            clean::link(given).map(str::to_string).ok_or("is not an http or https address")
        }
        Kind::When => when::in_words(given, wording.lang, wording.zone).ok_or("is not a point in time"),
    }
}

fn remedy_for(letter: &Letter, p: &Placeholder) -> String {
    match (&letter.record, p.kind) {
        (_, Kind::Link | Kind::SecretLink) => {
            "set portal_url or verify_url in the configuration to a whole https:// address".to_string()
        }
        (Some(record), _) => format!("fill it in on {} and try again", record.number),
        (None, _) => "fill it in and try again".to_string(),
    }
}

fn no_template(event: MailEvent, lang: &str) -> RenderProblem {
    RenderProblem {
        template: format!("{event}.{lang}.txt"),
        placeholder: None,
        problem: "there is no template in this language, the office's or English".to_string(),
        remedy: format!("add {event}.en.txt to the template folder"),
    }
}

fn as_render_problem(problem: Problem) -> RenderProblem {
    let template = match problem.line {
        Some(line) => format!("{}:{line}", problem.file),
        None => problem.file,
    };
    RenderProblem { template, placeholder: None, problem: problem.problem, remedy: problem.remedy }
}

fn bad_id(letter: &Letter) -> RenderProblem {
    RenderProblem {
        template: letter.event.to_string(),
        placeholder: None,
        problem: "the message id is not <word@domain>".to_string(),
        remedy: "check the sender's address in the configuration".to_string(),
    }
}

/// The recipient with the name that a mail may show, if any.
fn recipient(letter: &Letter) -> Mailbox {
    Mailbox { address: letter.to.address.clone(), name: letter.to.name.as_deref().and_then(clean::name) }
}

/// A mailbox fit for a header. Lettre panics on a line break in a display name, so it is cleaned
/// before; addresses with quoted local parts or domain literals are refused (trust.md, Hostile text).
fn header_mailbox(mailbox: &Mailbox, event: MailEvent) -> Result<Header, RenderProblem> {
    let address = wire_address(&mailbox.address).ok_or_else(|| RenderProblem {
        template: event.to_string(),
        placeholder: None,
        problem: format!(
            "{:?} cannot be used as a mail address",
            clean::one_line(&mailbox.address, WORD_LIMIT)
        ),
        remedy: "correct the address on the record or in the configuration".to_string(),
    })?;
    let name = mailbox.name.as_deref().map(|name| clean::one_line(name, WORD_LIMIT));
    Ok(Header::new(name.filter(|name| !name.is_empty()), address))
}

/// The address with its domain in ASCII, as headers and the envelope carry it.
pub(super) fn wire_address(address: &str) -> Option<lettre::Address> {
    let address = address.trim();
    let (user, domain) = address.rsplit_once('@')?;
    let quoted = |c: char| c.is_control() || c.is_whitespace() || "\"\\()<>[],;:".contains(c);
    if address.chars().any(quoted) || address.len() > 254 || user.len() > 64 {
        return None;
    }
    lettre::Address::new(user, idna::domain_to_ascii(domain).ok()?).ok()
}

fn checked_id(id: &str) -> Option<&str> {
    let inner = id.strip_prefix('<')?.strip_suffix('>')?;
    let fit = |b: u8| b.is_ascii_graphic() && !matches!(b, b'<' | b'>' | b'"');
    let (left, right) = inner.split_once('@')?;
    (!left.is_empty() && !right.is_empty() && id.len() <= 250 && inner.bytes().all(fit)).then_some(id)
}

fn kept_references(all: &[String]) -> Vec<&str> {
    let mut kept: Vec<&str> = all.iter().filter_map(|id| checked_id(id)).collect();
    if kept.len() > REFERENCES_LIMIT {
        kept.drain(1..kept.len() - (REFERENCES_LIMIT - 1));
    }
    kept
}

fn fixed_header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_string())
}

fn boundary(message_id: &str) -> String {
    let word: String = message_id.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
    format!("countersign-{word}")
}

/// Seven bits where the text is short and plain, quoted-printable otherwise.
fn part(content_type: ContentType, text: String) -> SinglePart {
    let plain = text.is_ascii() && text.lines().all(|line| line.len() <= PLAIN_LINE_LIMIT);
    let body = match plain {
        // Short lines of ASCII without controls, which is all that lettre asks for here.
        true => Body::dangerous_pre_encoded(
            text.replace('\n', "\r\n").into_bytes(),
            ContentTransferEncoding::SevenBit,
        ),
        false => Body::new_with_encoding(text, ContentTransferEncoding::QuotedPrintable)
            .expect("quoted-printable takes every text"),
    };
    SinglePart::builder().header(content_type).body(body)
}

#[cfg(test)]
#[path = "render_tests.rs"]
mod tests;
