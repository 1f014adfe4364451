//! Who may stay connected: the clock of these tests runs by itself, so that half a minute and an hour pass at once.

#![cfg(test)]

use std::time::Duration;

use hep::IntakeConfig;
use tap::{Closed, Connections, Outbox, Parcel, Receiver, ReceiverConfig, SourceId, Stop, Transport};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::Instant;

/// A receiver that runs.
struct Served {
    address: std::net::SocketAddr,
    connections: Connections,
    parcels: crossbeam_channel::Receiver<Parcel>,
    stop: Stop,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop.ask();
    }
}

fn serve(key: Option<&str>, connections_max: usize) -> Served {
    let intake = IntakeConfig { key: key.map(|key| key.as_bytes().to_vec()), ..IntakeConfig::default() };
    let address = "127.0.0.1:0".parse().unwrap();
    let config = ReceiverConfig { address, transport: Transport::Tcp, intake, connections_max };
    let receiver = Receiver::open(config).unwrap();
    let (address, connections) = (receiver.address().unwrap(), receiver.connections().unwrap());
    let stop = Stop::default();
    let (outboxes, parcels, _) = tap::channel(&stop);
    let outbox: Outbox = outboxes(SourceId(0));
    tokio::spawn(receiver.run(outbox));
    Served { address, connections, parcels, stop }
}

fn chunk(kind: u16, value: &[u8]) -> Vec<u8> {
    [&0u16.to_be_bytes()[..], &kind.to_be_bytes(), &(value.len() as u16 + 6).to_be_bytes(), value].concat()
}

fn packet(key: &str) -> Vec<u8> {
    let inside = [
        chunk(3, &[192, 0, 2, 1]),
        chunk(4, &[192, 0, 2, 2]),
        chunk(11, &[1]),
        chunk(14, key.as_bytes()),
        chunk(15, b"OPTIONS sip:a SIP/2.0\r\n\r\n"),
    ]
    .concat();
    [&b"HEP3"[..], &(inside.len() as u16 + 6).to_be_bytes(), &inside].concat()
}

/// Connects, sends, and waits until it is closed; how long that took, to the second.
async fn stays(served: &Served, sent: &[u8]) -> u64 {
    let mut connection = TcpStream::connect(served.address).await.unwrap();
    connection.write_all(sent).await.unwrap();
    let begun = Instant::now();
    // A connection that is closed while something is unread is reset.
    let _ = connection.read(&mut [0; 16]).await;
    begun.elapsed().as_secs()
}

#[tokio::test(start_paused = true)]
async fn whoever_is_no_sender_is_closed() {
    let good = packet("secret");
    let cut = [&good[..], &good[..10]].concat();
    let drip = &good[..10];
    for (what, sent, secs, why) in [
        ("nothing", &b""[..], 30..=31, Closed::Silent),
        ("a part", drip, 30..=31, Closed::Silent),
        ("a packet", &good, 3_600..=3_601, Closed::Idle),
        ("a packet and a part", &cut, 30..=31, Closed::Idle),
        ("a wrong key", &packet("guess"), 0..=1, Closed::Key),
        ("no key", &packet(""), 0..=1, Closed::Key),
        ("no HEP", b"GET / HTTP/1.1\r\n\r\n", 0..=1, Closed::Malformed),
    ] {
        let served = serve(Some("secret"), 4);
        let stayed = stays(&served, sent).await;
        assert!(secs.contains(&stayed), "{what}: {stayed}");
        assert_eq!(served.connections.closed(why), 1, "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn newcomers_make_room_for_senders() {
    let served = serve(Some("secret"), 4);
    let mut idle = Vec::new();
    for _ in 0..20 {
        idle.push(TcpStream::connect(served.address).await.unwrap());
    }
    let mut senders = Vec::new();
    for _ in 0..4 {
        let mut sender = TcpStream::connect(served.address).await.unwrap();
        sender.write_all(&packet("secret")).await.unwrap();
        senders.push(sender);
    }
    let patience = Instant::now() + Duration::from_secs(20);
    let mut frames = 0;
    while frames < 4 {
        assert!(Instant::now() < patience, "{frames} of 4");
        tokio::time::sleep(Duration::from_millis(1)).await;
        frames += served.parcels.try_iter().filter(|parcel| matches!(parcel.news, tap::News::Frames(_))).count();
    }
    assert_eq!((served.connections.open(), served.connections.closed(Closed::Crowded)), (4, 20));
    // Senders make room for nobody.
    assert_eq!(stays(&served, b"").await, 0);
    assert_eq!((served.connections.open(), served.connections.closed(Closed::Refused)), (4, 1));
    drop((idle, senders));
}
