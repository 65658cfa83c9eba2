//! Links lead where they want; the intake only goes where it may.

use super::server::{Does, Server};
use super::{Desk, SIZE_LIMIT, fixture};
use rondo::audio::IntakeFailure;

async fn refused(desk: &Desk, link: &str) -> IntakeFailure {
    let failure = desk.intake.from_link(link).await.expect_err(link);
    assert_eq!(desk.kept(), [""; 0], "nothing is left of {link}");
    failure
}

#[tokio::test]
async fn redirects_are_followed_so_far() {
    let desk = Desk::trusting(&["127.0.0.1"]);
    let server = Server::with([
        ("/one", Does::Sends("/two".to_owned())),
        ("/two", Does::Sends("/song".to_owned())),
        ("/song", Does::Gives(fixture("tone.opus"))),
        ("/round", Does::Sends("/round".to_owned())),
    ])
    .await;
    let track = desk.intake.from_link(&server.link("/one")).await;
    assert_eq!(track.expect("it is taken").title, "夜来香 tone.opus");
    let desk = Desk::trusting(&["127.0.0.1"]);
    let failure = refused(&desk, &server.link("/round")).await;
    assert!(
        matches!(failure, IntakeFailure::Unreachable(_)),
        "{failure}"
    );
}

#[tokio::test]
async fn what_is_not_there_or_breaks_off_is_told() {
    let desk = Desk::trusting(&["127.0.0.1"]);
    let server = Server::with([
        ("/forbidden", Does::Says("403 Forbidden")),
        ("/cut", Does::BreaksOff(fixture("tone.mp3"))),
    ])
    .await;
    let failure = refused(&desk, &server.link("/nothing")).await;
    assert!(matches!(failure, IntakeFailure::NotFound), "{failure}");
    for path in ["/forbidden", "/cut"] {
        let failure = refused(&desk, &server.link(path)).await;
        assert!(
            matches!(failure, IntakeFailure::Unreachable(_)),
            "{path}: {failure}"
        );
    }
    // Nobody listens there any more.
    let link = server.link("/song");
    drop(server);
    let failure = loop {
        // The port is closed as soon as the server's task has seen that it is to stop.
        let failure = refused(&desk, &link).await;
        if !matches!(failure, IntakeFailure::NotFound) {
            break failure;
        }
    };
    assert!(
        matches!(failure, IntakeFailure::Unreachable(_)),
        "{failure}"
    );
}

#[tokio::test]
async fn what_is_too_large_is_not_fetched_to_its_end() {
    let desk = Desk::trusting(&["127.0.0.1"]);
    let server = Server::with([
        ("/announced", Does::Announces(10_000_000_000)),
        ("/endless", Does::NeverEnds),
    ])
    .await;
    for path in ["/announced", "/endless"] {
        let failure = refused(&desk, &server.link(path)).await;
        let limit = SIZE_LIMIT;
        assert!(
            matches!(failure, IntakeFailure::TooLarge { limit: it } if it == limit),
            "{path}: {failure}"
        );
    }
    let link = server.link("/endless");
    let told = desk.intake.from_attachment(&link, "a.mp3", SIZE_LIMIT + 1);
    let failure = told.await.expect_err("Discord says how large it is");
    assert!(
        matches!(failure, IntakeFailure::TooLarge { .. }),
        "{failure}"
    );
}

#[tokio::test]
async fn no_link_leads_into_the_house() {
    let desk = Desk::trusting(&[]);
    let server = Server::with([("/song", Does::Gives(fixture("tone.opus")))]).await;
    let port = server
        .link("")
        .rsplit(':')
        .next()
        .expect("a port")
        .to_owned();
    for host in [
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "10.0.0.1",
        "192.168.0.1",
        "169.254.169.254",
    ] {
        let link = format!("http://{host}:{port}/song");
        let failure = refused(&desk, &link).await;
        assert!(
            matches!(failure, IntakeFailure::NotAllowed),
            "{host}: {failure}"
        );
    }
    for link in [
        "file:///etc/passwd",
        "ftp://example.org/a.mp3",
        "data:audio/wav;base64,UklGRg==",
        "gopher://127.0.0.1:70/",
        "http://example.org:25/a.mp3",
        "http://example.org:22/a.mp3",
        "https://discord.com@127.0.0.1/a.mp3",
        "http://[fe80::1%25eth0]/a.mp3",
        "http://",
        "song",
        "",
    ] {
        let failure = refused(&desk, link).await;
        assert!(
            matches!(failure, IntakeFailure::NotAllowed),
            "{link}: {failure}"
        );
    }
}

#[tokio::test]
async fn no_redirect_leads_out_of_the_web_or_into_the_house() {
    let desk = Desk::trusting(&["127.0.0.1"]);
    for to in [
        "file:///etc/passwd",
        "ftp://example.org/a.mp3",
        "http://169.254.169.254/latest/meta-data/",
        "http://metadata.google.internal@169.254.169.254/",
        "http://[::ffff:10.0.0.1]/a.mp3",
        "http://2130706434/a.mp3",
        "//127.1.2.3/a.mp3",
        "http://somebody:secret@127.0.0.1/a.mp3",
        "http://127.0.0.1:25/a.mp3",
    ] {
        let server = Server::with([("/song", Does::Sends(to.to_owned()))]).await;
        let failure = refused(&desk, &server.link("/song")).await;
        assert!(
            matches!(failure, IntakeFailure::NotAllowed),
            "{to}: {failure}"
        );
    }
}

#[tokio::test]
async fn a_body_is_taken_as_it_was_sent() {
    // What says that it is packed is not unpacked: it is no sound, and as small as it came.
    let head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: audio/mpeg\r\n\
        Content-Encoding: gzip\r\n\r\n";
    // An empty gzip file and nonsense.
    let packed = [
        &head[..],
        b"\x1F\x8B\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0",
        &[7; 400],
    ]
    .concat();
    let server = Server::with([("/song", Does::Raw(packed))]).await;
    let desk = Desk::trusting(&["127.0.0.1"]);
    let failure = refused(&desk, &server.link("/song")).await;
    assert!(matches!(failure, IntakeFailure::NotSound), "{failure}");
}

#[tokio::test]
async fn a_server_that_talks_nonsense_is_no_server() {
    let desk = Desk::trusting(&["127.0.0.1"]);
    let headers = "X-Long: words\r\n".repeat(10_000);
    for bytes in [
        b"220 smtp.example.org ESMTP\r\n".to_vec(),
        b"\0\xFF\xFE\r\n\r\n".to_vec(),
        format!("HTTP/1.1 200 OK\r\n{headers}\r\n").into_bytes(),
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n".to_vec(),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n".to_vec(),
        Vec::new(),
    ] {
        let server = Server::with([("/song", Does::Raw(bytes))]).await;
        let failure = refused(&desk, &server.link("/song")).await;
        assert!(
            matches!(failure, IntakeFailure::Unreachable(_)),
            "{failure}"
        );
    }
}

#[tokio::test]
async fn a_server_that_falls_silent_is_left() {
    let server = Server::with([("/song", Does::FallsSilent)]).await;
    let desk = Desk::trusting(&["127.0.0.1"]);
    let failure = refused(&desk, &server.link("/song")).await;
    assert!(
        matches!(failure, IntakeFailure::Unreachable(_)),
        "{failure}"
    );
}

#[tokio::test]
async fn the_owner_can_let_links_lead_to_a_host_of_the_house() {
    let desk = Desk::trusting(&["LocalHost"]);
    let server = Server::with([("/song", Does::Gives(fixture("tone.opus")))]).await;
    let link = server.link("/song").replace("127.0.0.1", "localhost");
    let track = desk.intake.from_link(&link).await.expect("it is allowed");
    assert_eq!(track.link, Some(link));
    let failure = desk.intake.from_link(&server.link("/song")).await;
    let failure = failure.expect_err("its address was not named");
    assert!(matches!(failure, IntakeFailure::NotAllowed), "{failure}");
}

#[tokio::test]
async fn a_trusted_host_cannot_lead_into_the_house_either() {
    // Only 127.0.0.1 is trusted; the same machine under another name is not.
    let desk = Desk::trusting(&["127.0.0.1"]);
    let inside = Server::with([("/secret", Does::Gives(fixture("tone.opus")))]).await;
    let inside = inside.link("/secret").replace("127.0.0.1", "localhost");
    let server = Server::with([("/song", Does::Sends(inside))]).await;
    let failure = refused(&desk, &server.link("/song")).await;
    assert!(matches!(failure, IntakeFailure::NotAllowed), "{failure}");
}
