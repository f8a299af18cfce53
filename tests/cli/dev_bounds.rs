//! The development vault among clients that it knows nothing of.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::support::{Home, Server, Vault};

type Stream = StreamOwned<ClientConnection, TcpStream>;

fn connect(vault: &Vault) -> Stream {
    connect_to(vault.port(), &vault.ca_pem())
}

fn connect_to(port: u16, ca_pem: &str) -> Stream {
    let mut roots = RootCertStore::empty();
    let authority = CertificateDer::from_pem_slice(ca_pem.as_bytes()).unwrap();
    roots.add(authority).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    let name = "localhost".try_into().unwrap();
    StreamOwned::new(
        ClientConnection::new(Arc::new(config), name).unwrap(),
        stream,
    )
}

fn post(path: &str, length: usize) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {length}\r\n\
         content-type: multipart/form-data; boundary=b\r\n\r\n"
    )
}

/// The status of the answer; 0 for an end without one.
fn status(stream: &mut Stream) -> io::Result<u16> {
    let mut start = [0; 12];
    match stream.read_exact(&mut start) {
        Ok(()) => Ok(String::from_utf8_lossy(&start[9..]).parse().unwrap()),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Err(error),
        Err(_) => Ok(0),
    }
}

#[test]
fn an_upload_nobody_announced_is_refused_at_once() {
    let vault = Vault::start();
    let mut stream = connect(&vault);
    let start = Instant::now();
    let head = post("/uploads/nobody", 1 << 30);
    let part = "--b\r\ncontent-disposition: form-data; name=\"file\"\r\n\r\n";
    stream.write_all((head + part).as_bytes()).unwrap();
    stream.write_all(&[0; 1 << 16]).unwrap();
    assert_eq!(status(&mut stream).unwrap(), 403);
    assert!(start.elapsed() < Duration::from_secs(20));
}

/// The program itself, whose memory can be measured.
#[cfg(target_os = "linux")]
#[test]
fn an_upload_without_end_is_cut_early() {
    let mut home = Home::new();
    home.set("XDG_RUNTIME_DIR", home.path("tmp"));
    let script = r#"echo "$KSM_DEV_TOKEN" | cut -d : -f 2; cat "$KSM_CA_FILE"; until [ -e over ]; do sleep 0.05; done"#;
    let running = home.command(["dev", "--", "sh", "-c", script]).spawn();
    let shown = running.wait_for("-----END CERTIFICATE-----");
    let (port, certificate) = shown.split_once('\n').unwrap();
    let mut stream = connect_to(port.parse().unwrap(), certificate);
    let head = post("/uploads/nobody", 1 << 30);
    let part = "--b\r\ncontent-disposition: form-data; name=\"file\"\r\n\r\n";
    stream.write_all((head + part).as_bytes()).unwrap();
    let mut sent = 0;
    // Four times what the limits below allow.
    while sent < 256 && stream.write_all(&[0; 1 << 20]).is_ok() {
        sent += 1;
    }
    let memory = crate::large::cost_of(running.id()).memory >> 20;
    home.write("over", "");
    running.wait(&home).succeeds();
    assert!(sent < 64, "{sent} MiB were taken");
    assert!(memory < 64, "{memory} MiB of memory");
}

#[test]
fn an_enormous_head_is_refused() {
    let vault = Vault::start();
    for head in [
        format!("GET / HTTP/1.1\r\nx: {}", "x".repeat(1 << 20)),
        format!("GET /{}", "x".repeat(1 << 20)),
        "x: y\r\n".repeat(1 << 16),
    ] {
        let mut stream = connect(&vault);
        // It may be refused before all of it is sent.
        let _ = stream.write_all(head.as_bytes());
        let status = status(&mut stream).unwrap();
        assert!([0, 400, 414, 431].contains(&status), "{status}");
    }
}

#[test]
fn clients_that_fall_silent_are_left() {
    let vault = Vault::with_db();
    let begun = |text: String| {
        let mut stream = connect(&vault);
        stream.write_all(text.as_bytes()).unwrap();
        stream
    };
    let begun = [
        begun(String::new()),
        begun("POST /api".to_owned()),
        begun(post("/api/rest/sm/v1/get_secret", 100) + "ten bytes."),
    ];
    let idle: Vec<_> = (0..300)
        .map(|_| TcpStream::connect(("127.0.0.1", vault.port())).unwrap())
        .collect();
    let home = Home::configured_for(&vault);
    home.ksm(["secret", "list"]).succeeds().stdout_has("db");
    thread::scope(|scope| {
        for mut stream in begun {
            scope.spawn(move || {
                let start = Instant::now();
                let status = status(&mut stream).unwrap();
                assert!([0, 408].contains(&status), "{status}");
                let took = start.elapsed().as_secs();
                assert!((20..50).contains(&took), "{took}");
            });
        }
    });
    for mut stream in idle {
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        assert_eq!(stream.read(&mut [0]).unwrap_or(0), 0);
    }
    home.ksm(["secret", "list"]).succeeds();
}
