//! A small SMTP server: mailin's state machine with rustls under it, on a port of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use countersign::mail::{Login, SmtpSettings, Timeouts, TlsMode};
use mailin::{Action, AuthMechanism, Handler, Response, Session, SessionBuilder, response};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What the server does when the final dot has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtDot {
    /// Keeps the mail and says so.
    Accept,
    /// Keeps the mail and closes the line without a word.
    AcceptInSilence,
    /// Keeps nothing and says 451.
    Refuse,
}

/// How a server is set up.
#[derive(Debug, Clone)]
pub struct Setup {
    pub starttls: bool,
    pub implicit: bool,
    pub auth: Vec<AuthMechanism>,
    /// Name in its certificate.
    pub certified_for: &'static str,
    /// One entry per connection; the last one stays.
    pub at_dot: Vec<AtDot>,
}

impl Default for Setup {
    fn default() -> Setup {
        Setup {
            starttls: true,
            implicit: false,
            auth: vec![AuthMechanism::Plain],
            certified_for: "localhost",
            at_dot: vec![AtDot::Accept],
        }
    }
}

/// A mail that the server keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub from: String,
    pub to: Vec<String>,
    pub bytes: Vec<u8>,
}

/// A running server; it ends with the process.
pub struct Server {
    pub port: u16,
    pub kept: Arc<Mutex<Vec<Kept>>>,
    ca_file: PathBuf,
    _dir: tempfile::TempDir,
}

impl Server {
    pub fn start(setup: Setup) -> Server {
        let ca = ca();
        let dir = tempfile::tempdir().unwrap();
        let ca_file = dir.path().join("ca.pem");
        std::fs::write(&ca_file, ca.pem()).unwrap();
        let tls = tls(&ca, setup.certified_for);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let kept: Arc<Mutex<Vec<Kept>>> = Arc::default();
        let store = Arc::clone(&kept);
        thread::spawn(move || {
            for (count, stream) in listener.incoming().enumerate() {
                let at_dot = setup.at_dot[count.min(setup.at_dot.len() - 1)];
                let (setup, tls, store) = (setup.clone(), Arc::clone(&tls), Arc::clone(&store));
                // A client that goes away is the client's business.
                thread::spawn(move || {
                    drop(serve(stream.unwrap(), &setup, tls, Desk { store, at_dot, mail: None }))
                });
            }
        });
        Server { port, kept, ca_file, _dir: dir }
    }

    pub fn settings(&self, tls: TlsMode) -> SmtpSettings {
        SmtpSettings {
            host: "localhost".into(),
            port: self.port,
            tls,
            login: Some(Login { user: "backoffice".into(), password: "s3cret".into() }),
            ca_file: Some(self.ca_file.clone()),
            ehlo_name: Some("office.example.org".into()),
            timeouts: Timeouts { reply: Duration::from_secs(20), ..Timeouts::default() },
        }
    }

    pub fn kept(&self) -> Vec<Kept> {
        self.kept.lock().unwrap().clone()
    }
}

fn ca() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn tls(ca: &CertifiedIssuer<'static, KeyPair>, name: &str) -> Arc<ServerConfig> {
    let key = KeyPair::generate().unwrap();
    let cert = CertificateParams::new(vec![name.to_string()]).unwrap().signed_by(&key, ca).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    Arc::new(config)
}

struct Desk {
    store: Arc<Mutex<Vec<Kept>>>,
    at_dot: AtDot,
    mail: Option<Kept>,
}

impl Handler for Desk {
    fn mail(&mut self, _ip: IpAddr, _domain: &str, from: &str) -> Response {
        self.mail = Some(Kept { from: from.into(), to: Vec::new(), bytes: Vec::new() });
        response::OK
    }

    fn rcpt(&mut self, to: &str) -> Response {
        match to.starts_with("nobody@") {
            true => Response::custom(550, "5.1.1 no such user".into()),
            false => {
                self.mail.as_mut().unwrap().to.push(to.into());
                response::OK
            }
        }
    }

    fn data(&mut self, buf: &[u8]) -> std::io::Result<()> {
        self.mail.as_mut().unwrap().bytes.extend_from_slice(buf);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        match self.at_dot {
            AtDot::Refuse => Response::custom(451, "4.3.0 not now".into()),
            AtDot::Accept | AtDot::AcceptInSilence => {
                self.store.lock().unwrap().push(self.mail.take().unwrap());
                Response::custom(250, "2.0.0 queued as 4711".into())
            }
        }
    }

    fn auth_plain(&mut self, _authorization: &str, user: &str, password: &str) -> Response {
        self.auth_login(user, password)
    }

    fn auth_login(&mut self, user: &str, password: &str) -> Response {
        match (user, password) {
            ("backoffice", "s3cret") => response::AUTH_OK,
            _ => response::INVALID_CREDENTIALS,
        }
    }
}

/// Plain or encrypted, it is read and written the same way.
trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

fn serve(tcp: TcpStream, setup: &Setup, tls: Arc<ServerConfig>, desk: Desk) -> std::io::Result<()> {
    let at_dot = desk.at_dot;
    let mut builder = SessionBuilder::new("mail.example");
    if setup.starttls {
        builder.enable_start_tls();
    }
    for auth in &setup.auth {
        builder.enable_auth(auth.clone());
    }
    if setup.implicit {
        builder.insecure_enable_plaintext_auth();
    }
    let mut session = builder.build(Ipv4Addr::LOCALHOST.into(), desk);
    let secure = |tcp: TcpStream| {
        let connection = ServerConnection::new(Arc::clone(&tls)).unwrap();
        Box::new(StreamOwned::new(connection, tcp)) as Box<dyn Stream>
    };
    let mut stream = match setup.implicit {
        true => secure(tcp.try_clone()?),
        false => Box::new(tcp.try_clone()?),
    };
    session.greeting().write_to(&mut stream)?;
    stream.flush()?;
    while talk(&mut stream, &mut session, at_dot)? == Next::Encrypt {
        stream = secure(tcp.try_clone()?);
        session.tls_active();
    }
    Ok(())
}

#[derive(PartialEq, Eq)]
enum Next {
    Encrypt,
    Close,
}

fn talk(stream: &mut Box<dyn Stream>, session: &mut Session<Desk>, at_dot: AtDot) -> std::io::Result<Next> {
    let mut reader = BufReader::new(stream);
    let mut line = Vec::new();
    let mut in_data = false;
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            return Ok(Next::Close);
        }
        let reply = session.process(&line);
        if in_data && line == b".\r\n" && at_dot == AtDot::AcceptInSilence {
            return Ok(Next::Close);
        }
        in_data = reply.code == 354 || (in_data && reply.action == Action::NoReply);
        match reply.action {
            Action::NoReply => continue,
            Action::Reply | Action::Close | Action::UpgradeTls => {
                reply.write_to(reader.get_mut())?;
                reader.get_mut().flush()?;
            }
        }
        match reply.action {
            Action::UpgradeTls => return Ok(Next::Encrypt),
            Action::Close => return Ok(Next::Close),
            Action::Reply | Action::NoReply => {}
        }
    }
}

/// A server that says fixed things: `script` holds, for each command that it reads, what it
/// answers; the first entry is the banner. It closes the line behind the last one.
pub fn scripted(script: &[&[u8]]) -> u16 {
    let script: Vec<Vec<u8>> = script.iter().map(|reply| reply.to_vec()).collect();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            for (count, reply) in script.iter().enumerate() {
                let mut line = String::new();
                if count > 0 && reader.read_line(&mut line).unwrap_or(0) == 0 {
                    break;
                }
                if stream.write_all(reply).is_err() {
                    break;
                }
            }
        }
    });
    port
}
