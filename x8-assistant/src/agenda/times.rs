//! The answer to other times, offered because the one that was paid for is lost (B4): a number, a date, yes or no.

use jiff::{
    Timestamp,
    civil::{DateTime, time},
};
use x8_core::order::Offer;

use super::{Say, Turn};
use crate::understand::Intent;

/// What the customer decided about the offered times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeChoice {
    /// This start, offered or wished for.
    Start(Timestamp),
    /// None of them.
    Nothing,
}

impl Turn<'_> {
    /// Reads the burst as an answer to offered times. Returns whether the turn is settled by it: words about something
    /// else leave the offer open.
    pub(super) fn offered_times(&mut self) -> bool {
        let input = self.input;
        let order = input.order.as_ref();
        let Some(offer) = order.and_then(|order| order.open_offer(input.now)) else {
            return false;
        };
        if !self.heard.wishes.is_empty() || self.wants(Intent::NewOrder) {
            return false;
        }
        let numbered = self.heard.ordinal.or_else(|| {
            let count = self
                .heard
                .count
                .and_then(|count| usize::try_from(count).ok());
            count.and_then(|count| count.checked_sub(1))
        });
        let refuses = self.wants(Intent::No) || self.wants(Intent::Cancel);
        let choice = match (self.heard.wished_start, numbered) {
            (Some(wish), _) => self.start_of(offer, wish),
            (None, Some(number)) => nth(offer, number).map(TimeChoice::Start),
            (None, None) if refuses => Some(TimeChoice::Nothing),
            (None, None) if self.wants(Intent::Yes) => nth(offer, 0).map(TimeChoice::Start),
            (None, None) => return false,
        };
        self.session.wished_start = None;
        self.say(match choice {
            Some(TimeChoice::Start(_)) => Say::TimeChosen,
            Some(TimeChoice::Nothing) => Say::TimesDeclined,
            None => Say::WhichTime,
        });
        self.time = choice;
        true
    }

    /// The start that a date or an hour means: an offered one of that moment, the only one of that day or hour, else the
    /// moment itself.
    fn start_of(&self, offer: &Offer, wish: DateTime) -> Option<TimeChoice> {
        let starts = || offer.slots.iter().map(|slot| slot.starts_at);
        let local = |at: &Timestamp| super::local(self.input, *at);
        let only = |fits: &dyn Fn(DateTime) -> bool| {
            let mut found = starts().filter(|at| fits(local(at)));
            found.next().filter(|_| found.next().is_none())
        };
        // A day without an hour is read as nine o'clock.
        let day_alone = wish.time() == time(9, 0, 0, 0);
        let zone = &self.input.company.settings.time_zone;
        let moment = || {
            let zone = jiff::tz::TimeZone::get(zone).ok()?;
            let zoned = zone.to_ambiguous_zoned(wish).compatible().ok()?;
            Some(zoned.timestamp()).filter(|at| *at > self.input.now)
        };
        only(&|start| start == wish)
            .or_else(|| only(&|start| day_alone && start.date() == wish.date()))
            .or_else(|| only(&|start| self.heard_no_day() && start.time() == wish.time()))
            .or_else(moment)
            .map(TimeChoice::Start)
    }

    /// Whether only an hour was named: it is then read as the next such hour.
    fn heard_no_day(&self) -> bool {
        let (Some(wish), now) = (self.heard.wished_start, super::local_now(self.input)) else {
            return false;
        };
        let ahead = wish.duration_since(now);
        ahead.is_positive() && ahead <= jiff::SignedDuration::from_hours(24)
    }
}

/// The offered start of this number, from 0; `usize::MAX` is the last.
fn nth(offer: &Offer, number: usize) -> Option<Timestamp> {
    let slot = if number == usize::MAX {
        offer.slots.last()
    } else {
        offer.slots.get(number)
    };
    slot.map(|slot| slot.starts_at)
}
