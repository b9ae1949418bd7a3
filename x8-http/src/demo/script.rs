//! What is played: two companies and what their customers write.

/// One company and one conversation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Script {
    pub(super) company: &'static str,
    pub(super) kind: &'static str,
    pub(super) owner: &'static str,
    pub(super) file_name: &'static str,
    pub(super) file: &'static [u8],
    /// The company's own number, digits.
    pub(super) number: &'static str,
    /// The customer's number, digits, and name at the platform.
    pub(super) customer: (&'static str, &'static str),
    pub(super) lines: &'static [&'static str],
}

/// Password of both demo owners.
pub(super) const PASSWORD: &str = "demo-password";

/// How to sign in to the demo.
pub(super) fn sign_in() -> String {
    let owners: Vec<&str> = ALL.iter().map(|script| script.owner).collect();
    format!("{} with password {PASSWORD}", owners.join(" or "))
}

/// The hotel sells appointments in English; the flower shop sells deliveries in Russian.
pub(super) const ALL: &[Script] = &[
    Script {
        company: "Hotel Canarian",
        kind: "Service",
        owner: "hotel@example.com",
        file_name: "hotel_canarian_services.csv",
        file: include_bytes!("../../../examples/data/hotel_canarian_services.csv"),
        number: "34600000101",
        customer: ("34611111111", "Ann"),
        lines: &[
            "Hello! What can you offer?",
            "Tell me more about the whale watching please",
            "I would like the whale and dolphin watching for 2 people",
            "in Madrid",
            "ok, Los Cristianos then. My name is Ann Lee, use my current number",
        ],
    },
    Script {
        company: "Flores Barcelona",
        kind: "Product",
        owner: "flowers@example.com",
        file_name: "flowers_products_cp1251.csv",
        file: include_bytes!("../../../examples/data/flowers_products_cp1251.csv"),
        number: "34600000201",
        customer: ("34622222222", "Анна"),
        lines: &[
            "Здравствуйте! Что у вас есть?",
            "Хочу 20 роз",
            "Два букета из 10 роз",
            "А можно доставку бесплатно?",
            "Доставка в Барселону, меня зовут Анна, телефон +34 622 222 222",
        ],
    },
];
