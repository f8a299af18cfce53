//! A proxy as companies have them: takes CONNECT, may want a password, and passes on what it cannot read.

use std::io;
use std::sync::{Arc, Mutex};
use std::thread;

use ksm::dev::ServerCertificate;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

pub struct ConnectProxy {
    port: u16,
    heads: Arc<Mutex<Vec<String>>>,
}

impl ConnectProxy {
    pub fn start() -> Self {
        Self::listen(None, None, None)
    }

    /// Gives this answer to everything.
    pub fn answering(answer: &str) -> Self {
        Self::listen(None, Some(answer.to_owned()), None)
    }

    /// Refuses requests without this `Proxy-Authorization`.
    pub fn demanding(credentials: &str) -> Self {
        Self::listen(Some(credentials.to_owned()), None, None)
    }

    /// Takes connections over TLS only.
    pub fn behind_tls(certificate: &ServerCertificate) -> Self {
        Self::listen(None, None, Some(Arc::clone(&certificate.config).into()))
    }

    fn listen(
        credentials: Option<String>,
        answer: Option<String>,
        tls: Option<TlsAcceptor>,
    ) -> Self {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        listener.set_nonblocking(true).unwrap();
        let heads = Arc::<Mutex<Vec<String>>>::default();
        let handler = Handler {
            credentials,
            answer,
            heads: Arc::clone(&heads),
        };
        // Ends with the test's process.
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).unwrap();
                loop {
                    let (stream, _) = listener.accept().await.unwrap();
                    let (handler, tls) = (handler.clone(), tls.clone());
                    tokio::spawn(async move {
                        match tls {
                            Some(tls) => handler.handle(tls.accept(stream).await?).await,
                            None => handler.handle(stream).await,
                        }
                    });
                }
            });
        });
        Self { port, heads }
    }

    /// `127.0.0.1:PORT`.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The head of each request.
    pub fn requests(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

#[derive(Clone)]
struct Handler {
    credentials: Option<String>,
    answer: Option<String>,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Handler {
    async fn handle<S: AsyncRead + AsyncWrite + Unpin>(&self, mut client: S) -> io::Result<()> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(client.read_u8().await?);
            const HANDSHAKE: u8 = 0x16;
            if head == [HANDSHAKE] {
                return client.write_all(b"HTTP/1.1 400 What\r\n\r\n").await;
            }
        }
        let head = String::from_utf8(head).unwrap();
        self.heads.lock().unwrap().push(head.clone());
        if let Some(answer) = &self.answer {
            return client.write_all(answer.as_bytes()).await;
        }
        let mut words = head.split(' ');
        let (Some("CONNECT"), Some(target)) = (words.next(), words.next()) else {
            let refusal = b"HTTP/1.1 405 Only CONNECT\r\nContent-Length: 0\r\n\r\n";
            return client.write_all(refusal).await;
        };
        let given = head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(name, _)| name.eq_ignore_ascii_case("Proxy-Authorization"))
            .map(|(_, value)| value);
        if self.credentials.is_some() && self.credentials.as_deref() != given {
            let refusal =
                b"HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n";
            return client.write_all(refusal).await;
        }
        // It knows names of its own, which are all this machine.
        let target = match target.rsplit_once(':') {
            Some((name, port)) if name.ends_with(".example") => format!("127.0.0.1:{port}"),
            _ => target.to_owned(),
        };
        let mut server = TcpStream::connect(target).await?;
        client.write_all(b"HTTP/1.1 200 Go on\r\n\r\n").await?;
        tokio::io::copy_bidirectional(&mut client, &mut server).await?;
        Ok(())
    }
}
