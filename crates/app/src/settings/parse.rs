//! Values that more than one setting has.

use std::net::SocketAddr;
use std::time::Duration;

/// A whole number between two others.
pub(super) fn number(text: &str, least: u16, most: u16) -> Result<u16, String> {
    let number = text.parse::<u16>().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| format!("must be a whole number from {least} to {most}"))
}

/// The same, or `off`, which is `None`.
pub(super) fn number_or_off(text: &str, least: u16, most: u16) -> Result<Option<u16>, String> {
    if text == "off" {
        return Ok(None);
    }
    number(text, least, most).map(Some).map_err(|problem| format!("{problem}, or off"))
}

/// Seconds, between one and an hour.
pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    number(text, 1, 3_600).map(|seconds| Duration::from_secs(seconds.into()))
}

/// An address to listen on.
pub(super) fn address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse().map_err(|_| "must be an IP address and a port, such as 127.0.0.1:8080")
}

/// `on` or `off`.
pub(super) fn on(text: &str) -> Result<bool, &'static str> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("must be on or off"),
    }
}

/// A value that was given: an empty one is none, as in `NAME= cardlift serve`.
pub(super) fn given(value: Option<&str>) -> Option<&str> {
    value.filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_out_of_bounds_is_told_the_bounds() {
        assert_eq!(number("16", 1, 100), Ok(16));
        for wrong in ["0", "101", "-1", "1.5", "many", ""] {
            let expected = "must be a whole number from 1 to 100".to_owned();
            assert_eq!(number(wrong, 1, 100), Err(expected), "{wrong}");
        }
    }

    #[test]
    fn a_limit_can_be_off() {
        let limit = |text| number_or_off(text, 1, 1_000);
        assert_eq!(limit("off"), Ok(None));
        assert_eq!(limit("20"), Ok(Some(20)));
        for wrong in ["0", "1001", "", "many"] {
            let expected = "must be a whole number from 1 to 1000, or off".to_owned();
            assert_eq!(limit(wrong), Err(expected), "{wrong}");
        }
    }

    #[test]
    fn a_switch_is_on_or_off() {
        assert_eq!((on("on"), on("off")), (Ok(true), Ok(false)));
        assert!(on("").is_err());
    }

    #[test]
    fn an_address_needs_its_port() {
        assert!(address("[::1]:0").is_ok());
        assert!(address("localhost").is_err());
    }
}
