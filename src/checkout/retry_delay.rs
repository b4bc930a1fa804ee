//! The delay before an order without a response is sent again.

use std::time::Duration;

const FIRST_SECONDS: u64 = 10;
const MAX_SECONDS: u64 = 600;

/// The delay after a number of consecutive failures: it doubles each time, to let an
/// overloaded shop recover.
pub(super) fn retry_delay(failures: u32) -> Duration {
    // Six doublings already exceed the maximum delay.
    let doublings = failures.saturating_sub(1).min(6);
    Duration::from_secs((FIRST_SECONDS << doublings).min(MAX_SECONDS))
}

#[cfg(test)]
mod tests {
    use super::retry_delay;

    #[test]
    fn delay_doubles_up_to_ten_minutes() {
        let seconds = [0, 1, 2, 3, 4, 5, 6, 7, 8, u32::MAX].map(|failures| retry_delay(failures).as_secs());
        assert_eq!(seconds, [10, 10, 20, 40, 80, 160, 320, 600, 600, 600]);
    }
}
