//! The close codes of Discord's voice gateway, and when this server uses each. It closes nothing.

/// Why a voice websocket is closed. Numbers: Discord's "Voice Close Event Codes".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Close {
    /// 4001: an opcode that clients do not send.
    UnknownOpcode,
    /// 4002: not JSON, or a field is missing or of another kind.
    DecodeError,
    /// 4003: something other than IDENTIFY, RESUME or a heartbeat came first.
    NotAuthenticated,
    /// 4004: the token is not the one of `VOICE_SERVER_UPDATE`.
    AuthenticationFailed,
    /// 4005: a second IDENTIFY or RESUME.
    AlreadyAuthenticated,
    /// 4006: no such session, or what was missed is no longer kept.
    SessionInvalid,
    /// 4009: no heartbeat in time.
    SessionTimeout,
    /// 4011: nobody of this server (guild) is in voice.
    ServerNotFound,
    /// 4012: a protocol other than "udp", or a gateway version other than 4 to 8.
    UnknownProtocol,
    /// 4014: moved, disconnected, or the channel is gone.
    Disconnected,
    /// 4015: only by request of a test.
    ServerCrashed,
    /// 4016: an encryption mode that was not offered.
    UnknownMode,
    /// 4017: a client without end-to-end encryption in a channel that requires it.
    EncryptionRequired,
    /// 4020: DAVE messages although version 0 was agreed on, or ones that no client may send; sound without SPEAKING ("invalid
    /// SSRC": Discord documents the disconnect but no number for it).
    BadRequest,
    /// 4021: the client does not read what it is sent.
    RateLimited,
    /// 4022: only by request of a test.
    CallTerminated,
    /// Any other number, by request of a test.
    Other(u16),
}

impl Close {
    pub const fn code(self) -> u16 {
        match self {
            Self::UnknownOpcode => 4001,
            Self::DecodeError => 4002,
            Self::NotAuthenticated => 4003,
            Self::AuthenticationFailed => 4004,
            Self::AlreadyAuthenticated => 4005,
            Self::SessionInvalid => 4006,
            Self::SessionTimeout => 4009,
            Self::ServerNotFound => 4011,
            Self::UnknownProtocol => 4012,
            Self::Disconnected => 4014,
            Self::ServerCrashed => 4015,
            Self::UnknownMode => 4016,
            Self::EncryptionRequired => 4017,
            Self::BadRequest => 4020,
            Self::RateLimited => 4021,
            Self::CallTerminated => 4022,
            Self::Other(code) => code,
        }
    }

    pub const fn reason(self) -> &'static str {
        match self {
            Self::UnknownOpcode => "Unknown opcode.",
            Self::DecodeError => "Failed to decode payload.",
            Self::NotAuthenticated => "Not authenticated.",
            Self::AuthenticationFailed => "Authentication failed.",
            Self::AlreadyAuthenticated => "Already authenticated.",
            Self::SessionInvalid => "Session is no longer valid.",
            Self::SessionTimeout => "Session timeout.",
            Self::ServerNotFound => "Server not found.",
            Self::UnknownProtocol => "Unknown protocol.",
            Self::Disconnected => "Disconnected.",
            Self::ServerCrashed => "Voice server crashed.",
            Self::UnknownMode => "Unknown encryption mode.",
            Self::EncryptionRequired => "E2EE/DAVE protocol required.",
            Self::BadRequest => "Bad request.",
            Self::RateLimited => "Rate limited.",
            Self::CallTerminated => "Call terminated.",
            Self::Other(_) => "",
        }
    }

    /// Whether the session is over as well, so that a RESUME is refused.
    pub const fn ends_session(self) -> bool {
        matches!(
            self,
            Self::SessionInvalid | Self::Disconnected | Self::RateLimited | Self::CallTerminated
        )
    }
}
