//! The line to the server: every read and write ends by a deadline, however slowly bytes drip, and
//! no reply can fill the memory.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use rustls::{ClientConnection, StreamOwned};

use super::reply::{LINE_LIMIT, LINES_LIMIT, Reply, ReplyLine};
use crate::mail::stop::Stop;

/// How often a wait looks whether the programme wants to end.
const SLICE: Duration = Duration::from_millis(250);

/// Until when the next reads and writes may last.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    pub(super) until: Instant,
    /// How much longer after a stop was asked for.
    pub(super) after_stop: Duration,
}

/// A TCP stream with one deadline for whatever is under way.
pub(super) struct Timed {
    tcp: TcpStream,
    limit: Limit,
    stop: Stop,
    stop_seen: Option<Instant>,
}

impl Timed {
    fn left(&mut self) -> io::Result<Duration> {
        let now = Instant::now();
        let mut until = self.limit.until;
        if self.stop.is_stopping() {
            let seen = *self.stop_seen.get_or_insert(now);
            until = until.min(seen + self.limit.after_stop);
        }
        match until.checked_duration_since(now).filter(|left| !left.is_zero()) {
            Some(left) => Ok(left.min(SLICE)),
            None if self.stop_seen.is_some() => {
                Err(io::Error::new(io::ErrorKind::TimedOut, "the programme was stopped"))
            }
            None => Err(io::Error::new(io::ErrorKind::TimedOut, "no answer in time")),
        }
    }

    fn patiently(
        &mut self,
        mut act: impl FnMut(&mut TcpStream, Duration) -> io::Result<usize>,
    ) -> io::Result<usize> {
        loop {
            let left = self.left()?;
            match act(&mut self.tcp, left) {
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted
                    ) => {}
                done => return done,
            }
        }
    }
}

impl Read for Timed {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.patiently(|tcp, left| {
            tcp.set_read_timeout(Some(left))?;
            tcp.read(buf)
        })
    }
}

impl Write for Timed {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.patiently(|tcp, left| {
            tcp.set_write_timeout(Some(left))?;
            tcp.write(buf)
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.tcp.flush()
    }
}

enum Wire {
    Plain(Timed),
    Tls(Box<StreamOwned<ClientConnection, Timed>>),
}

/// Why no reply could be read.
#[derive(Debug)]
pub(super) enum NoReply {
    /// The line is lost, or the time is up.
    Io(io::Error),
    /// What came is not a reply.
    Garbage(String),
    /// A last line without an end; its code was readable.
    Endless(u16),
}

/// The line, plain or encrypted, with what was read ahead.
pub(super) struct Line {
    wire: Wire,
    ahead: Vec<u8>,
}

impl Line {
    /// Takes over a connected stream.
    pub(super) fn new(tcp: TcpStream, limit: Limit, stop: Stop) -> Line {
        Line { wire: Wire::Plain(Timed { tcp, limit, stop, stop_seen: None }), ahead: Vec::new() }
    }

    /// Sets the deadline for what comes next.
    pub(super) fn set_limit(&mut self, limit: Limit) {
        match &mut self.wire {
            Wire::Plain(timed) => timed.limit = limit,
            Wire::Tls(stream) => stream.sock.limit = limit,
        }
    }

    /// Whether bytes came that nobody asked for yet.
    pub(super) fn has_unread(&self) -> bool {
        !self.ahead.is_empty()
    }

    /// Whether the server has hung up, as far as this machine has heard. Asked before the dot, so
    /// that a mail which the server left in the middle is not called doubtful.
    pub(super) fn is_closed(&self) -> bool {
        let tcp = match &self.wire {
            Wire::Plain(timed) => &timed.tcp,
            Wire::Tls(stream) => &stream.sock.tcp,
        };
        let peeked = tcp.set_nonblocking(true).and_then(|()| tcp.peek(&mut [0]));
        let closed = match peeked {
            Ok(count) => count == 0,
            Err(error) => error.kind() != io::ErrorKind::WouldBlock,
        };
        tcp.set_nonblocking(false).is_err() || closed
    }

    /// Encrypts the line. Nothing that was read before may count afterwards: the caller has
    /// checked [`Line::has_unread`].
    pub(super) fn encrypt(self, mut client: ClientConnection) -> io::Result<Line> {
        let Wire::Plain(mut timed) = self.wire else {
            return Err(io::Error::other("the line is encrypted already"));
        };
        while client.is_handshaking() {
            client.complete_io(&mut timed)?;
        }
        Ok(Line { wire: Wire::Tls(Box::new(StreamOwned::new(client, timed))), ahead: Vec::new() })
    }

    /// Sends all of `bytes`.
    pub(super) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let stream: &mut dyn Write = match &mut self.wire {
            Wire::Plain(timed) => timed,
            Wire::Tls(stream) => stream.as_mut(),
        };
        stream.write_all(bytes)?;
        stream.flush()
    }

    fn fill(&mut self) -> io::Result<()> {
        let mut chunk = [0; 4096];
        let count = match &mut self.wire {
            Wire::Plain(timed) => timed.read(&mut chunk)?,
            Wire::Tls(stream) => stream.read(&mut chunk)?,
        };
        if count == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server closed the line"));
        }
        self.ahead.extend_from_slice(&chunk[..count]);
        Ok(())
    }

    fn read_line(&mut self) -> Result<Vec<u8>, NoReply> {
        loop {
            if let Some(end) = self.ahead.iter().position(|b| *b == b'\n') {
                let rest = self.ahead.split_off(end + 1);
                return Ok(std::mem::replace(&mut self.ahead, rest));
            }
            if self.ahead.len() > LINE_LIMIT {
                return match ReplyLine::parse(&self.ahead) {
                    Some(line) if line.last => Err(NoReply::Endless(line.code)),
                    Some(_) | None => Err(NoReply::Garbage("a line without an end".to_string())),
                };
            }
            self.fill().map_err(NoReply::Io)?;
        }
    }

    /// Reads one whole reply, all of whose lines have the same code.
    pub(super) fn reply(&mut self) -> Result<Reply, NoReply> {
        let mut lines = Vec::new();
        let mut code = None;
        while lines.len() < LINES_LIMIT {
            let raw = self.read_line()?;
            let garbage = || NoReply::Garbage(String::from_utf8_lossy(&raw).into_owned());
            let line = ReplyLine::parse(&raw).ok_or_else(garbage)?;
            if *code.get_or_insert(line.code) != line.code {
                return Err(garbage());
            }
            lines.push(line.text);
            if line.last {
                return Ok(Reply { code: line.code, lines });
            }
        }
        Err(NoReply::Garbage("a reply without an end".to_string()))
    }
}
