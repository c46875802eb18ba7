//! From a host name to a connected stream, within a limit that includes the name look-up.

use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::domain::mail::Wrong;
use crate::mail::settings::{SmtpSettings, TlsMode};
use crate::mail::stop::Stop;

/// How often a look-up is asked whether it is done, and whether the programme wants to end.
const SLICE: Duration = Duration::from_millis(100);

/// What went wrong, and in words.
pub(super) type Trouble = (Wrong, String);

/// Connects to the first address that answers.
pub(super) fn connect(settings: &SmtpSettings, stop: &Stop) -> Result<TcpStream, Trouble> {
    let until = Instant::now() + settings.timeouts.connect;
    let addresses = allowed(resolve(settings, until, stop)?, settings)?;
    let mut last = format!("{} has no address", settings.host);
    for address in addresses {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() || stop.is_stopping() {
            break;
        }
        match TcpStream::connect_timeout(&address, left) {
            Ok(tcp) => {
                // Small replies must not wait for each other; without it mail is only slower.
                let _ = tcp.set_nodelay(true);
                return Ok(tcp);
            }
            Err(error) => last = format!("{address}: {error}"),
        }
    }
    Err((Wrong::Lost, last))
}

/// Plain text never leaves this machine, whatever a name resolves to (mail.md, Outbox).
fn allowed(addresses: Vec<SocketAddr>, settings: &SmtpSettings) -> Result<Vec<SocketAddr>, Trouble> {
    match settings.tls {
        TlsMode::StartTls | TlsMode::Implicit => Ok(addresses),
        TlsMode::None => {
            let near: Vec<_> = addresses.into_iter().filter(|a| a.ip().is_loopback()).collect();
            match near.is_empty() {
                true => Err((
                    Wrong::Unusable,
                    format!("tls = \"none\" is for this machine only, and {} is another", settings.host),
                )),
                false => Ok(near),
            }
        }
    }
}

/// The system's look-up has no time-out of its own, so it runs beside and may be left behind.
fn resolve(settings: &SmtpSettings, until: Instant, stop: &Stop) -> Result<Vec<SocketAddr>, Trouble> {
    let (host, port) = (settings.host.clone(), settings.port);
    if let Ok(ip) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(ip, port)]);
    }
    let (answer, wait) = mpsc::channel();
    let name = host.clone();
    thread::spawn(move || {
        let found = (name.as_str(), port).to_socket_addrs().map(Iterator::collect);
        // Nobody waits any more when the limit has passed; then the answer is of no use.
        let _ = answer.send(found);
    });
    loop {
        match wait.recv_timeout(SLICE) {
            Ok(found) => return found.map_err(|error| (Wrong::Lost, format!("{host}: {error}"))),
            Err(_) if Instant::now() >= until || stop.is_stopping() => {
                return Err((Wrong::Lost, format!("{host}: no answer to the name look-up")));
            }
            Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::settings::Timeouts;

    #[test]
    fn plain_text_stays_on_this_machine() {
        let mut settings = SmtpSettings {
            host: "192.0.2.1".to_string(),
            port: 25,
            tls: TlsMode::None,
            login: None,
            ca_file: None,
            ehlo_name: None,
            timeouts: Timeouts::default(),
        };
        let (wrong, words) = connect(&settings, &Stop::new()).unwrap_err();
        assert_eq!(wrong, Wrong::Unusable);
        assert!(words.contains("this machine only"), "{words}");
        let both: Vec<SocketAddr> = vec!["192.0.2.1:25".parse().unwrap(), "[::1]:25".parse().unwrap()];
        assert_eq!(allowed(both.clone(), &settings).unwrap(), both[1..]);
        settings.tls = TlsMode::StartTls;
        assert_eq!(allowed(both.clone(), &settings).unwrap(), both);
    }
}
