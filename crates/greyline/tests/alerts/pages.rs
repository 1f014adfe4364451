//! The pages of `replay --console`, as a program asks them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::SCENE;

/// Pages over the scene and a store, until they are dropped.
pub struct Pages {
    child: Child,
    host: String,
    token: String,
}

impl Pages {
    pub fn of(store: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_greyline"));
        command.args(["replay", "-q", "--console"]).arg(&SCENE.pcap).arg("--config").arg(&SCENE.config);
        command.arg("--store").arg(store).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let said = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let at = said.into_iter().find(|line| line.starts_with("Open http://")).unwrap();
        let (host, token) = at.trim_start_matches("Open http://").split_once("/#token=").unwrap();
        Self { host: host.to_owned(), token: token.to_owned(), child }
    }

    /// Sends something; the head of the answer and what follows it.
    pub fn post(&self, path: &str, body: &str) -> (String, Vec<u8>) {
        let mut connection = TcpStream::connect(&self.host).unwrap();
        let (host, token, length) = (&self.host, &self.token, body.len());
        write!(
            connection,
            "POST /api/v1{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        (String::from_utf8(answer[..end].to_vec()).unwrap(), answer[end + 4..].to_vec())
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}
