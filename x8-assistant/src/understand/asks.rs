//! Phrases that tell what kind of message this is, where no intent of its own depends on them.

/// Questions that people write without a question mark.
pub(super) const ASKS: &[&str] = &[
    "can you do",
    "do you do",
    "is it ok",
    "is it possible",
    "are there",
    "is there",
    "does it",
    "is the",
    "can it",
    "se puede",
    "podeis hacer",
    "можно ли",
    "есть ли",
    "бывает ли",
    "а есть",
];

/// Signing up, which one person does at a time unless saying otherwise.
pub(super) const BOOKS: &[&str] = &[
    "book me",
    "book an appointment",
    "appointment",
    "sign me up",
    "put me down",
    "schedule",
    "запиш*",
    "записат*",
    "запис*",
    "на прием",
    "cita",
    "apuntame",
    "apuntarme",
    "apunteme",
    "reservame",
    "reserveme",
    "turno",
    "una hora",
    "necesito cortar*",
    "book a",
];

/// One more of the same.
pub(super) const ANOTHER: &[&str] = &[
    "one more",
    "another one",
    "otra mas",
    "otro mas",
    "una mas",
    "uno mas",
    "еще один",
    "еще одну",
    "еще одна",
    "еще одно",
];

/// Whether something costs nothing.
pub(super) const FREE: &[&str] = &["free", "бесплатн*", "gratis", "gratuit*"];

/// What leads to words that are to be written on something.
pub(super) const WRITTEN: &[&str] = &[
    "say",
    "says",
    "saying",
    "write",
    "written",
    "text",
    "message",
    "reads",
    "reading",
    "words",
    "текст*",
    "надпис*",
    "напи*",
    "подпис*",
    "слов*",
    "открытк*",
    "ponga",
    "pongan",
    "diga",
    "texto",
    "mensaje",
    "escrib*",
    "escrito",
    "dedicatoria",
    "tarjeta",
    "card",
];
