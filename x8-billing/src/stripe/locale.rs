//! Languages of the payment page.

/// What the pinned version of the API knows; any other word is refused there.
const LOCALES: [&str; 41] = [
    "bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr", "fr-CA",
    "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl", "pt", "pt-BR",
    "ro", "ru", "sk", "sl", "sv", "th", "tr", "vi", "zh", "zh-HK", "zh-TW", "auto",
];

/// Language, a delivery fee, a travel fee.
const FEES: [(&str, &str, &str); 8] = [
    ("en", "Delivery", "Travel fee"),
    ("es", "Entrega", "Desplazamiento"),
    ("ru", "Доставка", "Выезд"),
    ("uk", "Доставка", "Виїзд"),
    ("de", "Lieferung", "Anfahrt"),
    ("fr", "Livraison", "Déplacement"),
    ("it", "Consegna", "Trasferta"),
    ("pt", "Entrega", "Deslocação"),
];

/// The page's word for a language tag: the same tag, else its language, else `auto`, by which the browser decides.
///
/// ```
/// use x8_billing::stripe::page_locale;
/// assert_eq!(page_locale("pt_br"), "pt-BR");
/// assert_eq!(page_locale("es-MX"), "es");
/// assert_eq!(page_locale("uk"), "auto", "Ukrainian is not offered");
/// ```
#[must_use]
pub fn page_locale(wish: &str) -> &'static str {
    let wish = wish.trim().replace('_', "-");
    let known = |tag: &str| {
        LOCALES
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(tag))
    };
    let language = match language(&wish) {
        "no" | "nn" => "nb",
        "tl" => "fil",
        other => other,
    };
    known(&wish).or_else(|| known(language)).unwrap_or("auto")
}

/// What the fee is called: delivery of goods, or travel to the customer.
pub(super) fn fee_name(wish: &str, travel: bool) -> &'static str {
    let language = language(wish).to_ascii_lowercase();
    let found = FEES.into_iter().find(|(code, ..)| *code == language);
    let (_, delivery, journey) = found.unwrap_or(("en", "Delivery", "Travel fee"));
    if travel { journey } else { delivery }
}

fn language(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or(tag).trim()
}
