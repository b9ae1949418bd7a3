//! Whole journeys through the use cases: messages in, money, bookings, messages out. Every journey runs on every store.

mod calendar;
mod crash;
mod house;
mod messages;
mod model;
mod money;
mod news;
mod orders;
mod permutations;
mod plans;
mod race;
mod reminders;
mod times;
mod trouble;
mod turns;

/// Makes one test per journey and store.
macro_rules! on_every_store {
    ($($journey:ident),+ $(,)?) => {
        mod in_memory {
            $(
                #[test]
                fn $journey() {
                    super::$journey(&super::House::in_memory());
                }
            )+
        }

        mod on_sqlite {
            $(
                #[test]
                fn $journey() {
                    super::$journey(&super::House::on_sqlite());
                }
            )+
        }
    };
}
use on_every_store;
