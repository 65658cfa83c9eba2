//! Reads the settings and hands over to `rondo::app`.

use rondo::app;
use rondo::config::Config;
use std::process::ExitCode;

fn main() -> ExitCode {
    match Config::read() {
        Ok(config) => app::start(config),
        Err(error) => app::misread(&error),
    }
}
