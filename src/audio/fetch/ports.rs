//! Which ports strangers' links may lead to. Pure: numbers in, a yes or no out.

/// Ports on which something listens that takes lines of text for commands, so that a request could
/// be read as a letter or a login there: those that browsers do not visit either
/// (Fetch standard, "bad port"). Radio stations use about all others.
const UNSAFE_PORTS: &[u16] = &[
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101,
    102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427,
    465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990,
    993, 995, 1_719, 1_720, 1_723, 2_049, 3_659, 4_045, 4_190, 5_060, 5_061, 6_000, 6_566, 6_665,
    6_666, 6_667, 6_668, 6_669, 6_679, 6_697, 10_080,
];

pub(super) fn port_is_safe(port: u16) -> bool {
    UNSAFE_PORTS.binary_search(&port).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_and_shells_are_not_asked_for_music() {
        for port in [0, 22, 25, 6_667, 10_080] {
            assert!(!port_is_safe(port), "{port}");
        }
        for port in [80, 81, 443, 6_379, 8_000, 8_080, 8_443, 65_535] {
            assert!(port_is_safe(port), "{port}");
        }
        assert!(UNSAFE_PORTS.is_sorted());
    }
}
