//! Details of the customer, whenever they are given (O4, G9, A5).

use x8_core::{channel::Platform, text::fold};

use super::{Say, Turn};
use crate::phrases::spoken;
use crate::understand::{CityHeard, PhoneHeard};

impl Turn<'_> {
    /// Merges language, name, phone, city and wished time into the session.
    pub(super) fn details(&mut self) {
        let heard = self.heard;
        match (heard.language, &self.session.language) {
            (Some(code), _) => self.session.language = Some(code.to_owned()),
            (None, None) if heard.cyrillic => self.session.language = Some("ru".to_owned()),
            (None, None) if heard.native => {
                let own = self.lexicon.language.filter(|code| spoken(code) == *code);
                self.session.language = own.map(str::to_owned);
            }
            (None, _) => {}
        }
        if let Some(name) = &heard.name {
            self.session.name = Some(name.clone());
        }
        if heard.wished_start.is_some() {
            self.session.wished_start = heard.wished_start;
        }
        self.phone();
        self.city();
    }

    fn phone(&mut self) {
        match &self.heard.phone {
            Some(PhoneHeard::Number(number)) => self.session.phone = Some(number.clone()),
            Some(PhoneHeard::Invalid(text)) => self.say(Say::PhoneWrong(text.clone())),
            Some(PhoneHeard::Own) => match self.own_number() {
                Some(number) => self.session.phone = Some(number),
                None => self.say(Say::OwnNumberUnknown),
            },
            None => {}
        }
    }

    /// G9: only WhatsApp vouches for the sender's number, and only when it shows one.
    fn own_number(&self) -> Option<String> {
        let on_whatsapp = self.input.platform == Platform::Whatsapp;
        let sender = &self.input.sender;
        // A chat id (`34600111222@c.us`) holds the number; a hidden one or a group's does not.
        let (head, server) = sender.value.split_once('@').unwrap_or((&sender.value, ""));
        let numbered = ["c.us", "s.whatsapp.net"].contains(&server)
            || (server.is_empty() && sender.phone().is_some());
        let digits: String = head.chars().filter(char::is_ascii_digit).collect();
        let plain = head
            .chars()
            .all(|one| one.is_ascii_digit() || matches!(one, '+' | ' ' | '-' | '(' | ')'));
        (on_whatsapp && numbered && plain && (7..=20).contains(&digits.len()))
            .then(|| format!("+{digits}"))
    }

    fn city(&mut self) {
        match &self.heard.city {
            Some(CityHeard::Known(place)) => {
                self.session.city = Some(place.clone());
                self.session.refused_city = None;
            }
            Some(CityHeard::Unknown(place)) if fold(place) != "online" => {
                self.session.city = None;
                self.session.refused_city = Some(place.clone());
            }
            Some(CityHeard::Unknown(_)) | None => {}
        }
    }
}
