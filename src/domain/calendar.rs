//! Days, weekdays, months and hours of a moment, all in UTC. It knows no time zones and no names of
//! days.

use super::moment::Moment;
use std::time::Duration;

pub const HOUR: Duration = Duration::from_hours(1);
pub const DAY: Duration = Duration::from_hours(24);
pub const WEEK: Duration = Duration::from_hours(24 * 7);
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    pub year: i64,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl Date {
    /// The day of a moment. After Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms",
    /// `civil_from_days`: eras of 400 years that begin on the first of March.
    pub fn of(moment: Moment) -> Date {
        let days = moment.0.div_euclid(DAY_MS) + 719_468;
        let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 {
            from_march + 3
        } else {
            from_march - 9
        };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Date {
            year,
            month: u8::try_from(month).unwrap_or(1),
            day: u8::try_from(day).unwrap_or(1),
        }
    }

    /// Its midnight; the same source, `days_from_civil`.
    pub fn begins(self) -> Moment {
        let year = self.year - i64::from(self.month <= 2);
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let month = i64::from(self.month);
        let from_march = if month > 2 { month - 3 } else { month + 9 };
        let of_year = (153 * from_march + 2) / 5 + i64::from(self.day) - 1;
        let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
        Moment((era * 146_097 + of_era - 719_468) * DAY_MS)
    }

    /// The first of the month that lies so many months ahead, or back.
    #[must_use]
    pub fn first_of_month(self, ahead: i64) -> Date {
        let months = self.year * 12 + i64::from(self.month) - 1 + ahead;
        Date {
            year: months.div_euclid(12),
            month: u8::try_from(months.rem_euclid(12) + 1).unwrap_or(1),
            day: 1,
        }
    }
}

/// The midnight before, or the moment itself.
pub fn midnight(moment: Moment) -> Moment {
    Moment(moment.0.div_euclid(DAY_MS) * DAY_MS)
}

/// The midnight with which the week of the moment began: weeks begin on Monday (ISO 8601).
pub fn monday(moment: Moment) -> Moment {
    let midnight = midnight(moment);
    Moment(midnight.0 - i64::from(weekday(moment)) * DAY_MS)
}

/// 0 for Monday, 6 for Sunday. The first of January 1970 was a Thursday.
pub fn weekday(moment: Moment) -> u8 {
    let days = moment.0.div_euclid(DAY_MS);
    u8::try_from((days + 3).rem_euclid(7)).unwrap_or_default()
}

/// 0 to 23.
pub fn hour(moment: Moment) -> u8 {
    let hours = moment.0.div_euclid(HOUR_MS);
    u8::try_from(hours.rem_euclid(24)).unwrap_or_default()
}

/// The first of the three hours in a row, over midnight too, that weigh most; `None` when nothing
/// weighs anything. Of equals the earliest.
pub fn busiest_hours(weights: &[u64; 24]) -> Option<u8> {
    let three = |from: usize| -> u64 {
        let hours = (from..from + 3).filter_map(|hour| weights.get(hour % 24));
        hours.sum()
    };
    let best = (0..24_usize).max_by_key(|from| (three(*from), std::cmp::Reverse(*from)))?;
    if three(best) == 0 {
        return None;
    }
    u8::try_from(best).ok()
}

#[cfg(test)]
mod tests {
    use super::{DAY, Date, busiest_hours, hour, midnight, monday, weekday};
    use crate::domain::moment::Moment;
    use std::time::Duration;

    fn date(year: i64, month: u8, day: u8) -> Date {
        Date { year, month, day }
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!(Date::of(Moment(0)), date(1970, 1, 1));
        assert_eq!(Date::of(Moment(-1)), date(1969, 12, 31));
        // `date -d @1790000000` says Mon Sep 21 14:13:20 UTC 2026.
        let evening = Moment(1_790_000_000_000);
        assert_eq!(Date::of(evening), date(2026, 9, 21));
        assert_eq!((weekday(evening), hour(evening)), (0, 14));
        // Every day of 800 years comes back, after the day before.
        let mut day = date(1600, 1, 1).begins();
        let mut before = Date::of(day - DAY);
        for _ in 0..292_194 {
            let this = Date::of(day);
            assert!(before < this);
            assert_eq!(this.begins(), day);
            before = this;
            day = day + DAY;
        }
        assert_eq!(Date::of(day), date(2400, 1, 1));
    }

    #[test]
    fn weeks_begin_on_monday_also_at_the_end_of_a_year() {
        for (day, begins) in [
            (date(2026, 11, 25), date(2026, 11, 23)),
            (date(2026, 11, 23), date(2026, 11, 23)),
            (date(2026, 11, 22), date(2026, 11, 16)),
            (date(2027, 1, 1), date(2026, 12, 28)),
            (date(2028, 3, 1), date(2028, 2, 28)),
        ] {
            let late = day.begins() + Duration::from_secs(86_399);
            assert_eq!(Date::of(monday(late)), begins, "{day:?}");
            assert_eq!(midnight(late), day.begins());
        }
    }

    #[test]
    fn months_are_counted_over_the_year() {
        let day = date(2026, 2, 28);
        assert_eq!(day.first_of_month(0), date(2026, 2, 1));
        assert_eq!(day.first_of_month(-2), date(2025, 12, 1));
        assert_eq!(day.first_of_month(-23), date(2024, 3, 1));
        assert_eq!(day.first_of_month(11), date(2027, 1, 1));
    }

    #[test]
    fn the_busiest_hours_may_lie_over_midnight() {
        let mut weights = [0; 24];
        assert_eq!(busiest_hours(&weights), None);
        weights[23] = 5;
        weights[0] = 4;
        weights[12] = 6;
        assert_eq!(busiest_hours(&weights), Some(22));
        weights[1] = 1;
        assert_eq!(busiest_hours(&weights), Some(23));
    }
}
