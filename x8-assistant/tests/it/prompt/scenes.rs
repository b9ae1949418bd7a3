//! Moments of conversations for which prompts are written.

use x8_assistant::{
    agenda::{self, Plan},
    prompt::{Prompt, PromptWriter, Prompts, window},
    understand::Lexicon,
};
use x8_core::{
    Result,
    behaviour::{Behaviours, Layer, Scenario, Scope},
    catalog::Catalog,
    channel::Platform,
    port::TurnInput,
    tenant::CompanyType,
};

use crate::guided::driver::{Talk, catalog};

/// One moment: what was said before, and what the customer writes now.
pub(crate) struct Scene {
    pub(crate) name: &'static str,
    before: &'static [&'static str],
    /// In English, Russian, Spanish and German.
    now: [&'static str; 4],
}

pub(crate) const LANGUAGES: [&str; 4] = ["en", "ru", "es", "de"];

const fn scene(
    name: &'static str,
    before: &'static [&'static str],
    now: [&'static str; 4],
) -> Scene {
    Scene { name, before, now }
}

/// The moments of a shop that sells goods.
pub(crate) const GOODS: [Scene; 8] = [
    scene(
        "list",
        &[],
        [
            "Hello, what do you sell?",
            "Здравствуйте, что у вас есть?",
            "Hola, ¿qué ofrecen?",
            "Guten Tag, was bieten Sie an?",
        ],
    ),
    scene(
        "brief",
        &[],
        [
            "How much is the bouquet of 20 roses?",
            "Сколько стоит букет из 20 роз?",
            "¿Cuánto cuesta el ramo de 20 rosas?",
            "Wie viel kostet der Strauß mit 20 Rosen?",
        ],
    ),
    scene(
        "ask",
        &["Hello, what do you sell?"],
        [
            "Two bouquets of 10 roses, please",
            "Мне два букета из 10 роз",
            "Quiero dos ramos de 10 rosas",
            "Ich möchte zwei Sträuße mit 10 Rosen",
        ],
    ),
    scene(
        "city-refused",
        &[],
        [
            "Please deliver one bouquet of 10 roses to Paris",
            "Доставьте один букет из 10 роз в Париж, пожалуйста",
            "Envíe un ramo de 10 rosas a París, por favor",
            "Bitte liefern Sie einen Strauß mit 10 Rosen nach Paris",
        ],
    ),
    scene(
        "checkout",
        &["One bouquet of 10 roses to Madrid"],
        [
            "My name is Ana Ruiz, phone +34 600 000 001",
            "Меня зовут Анна Руис, телефон +34 600 000 001",
            "Me llamo Ana Ruiz, teléfono +34 600 000 001",
            "Ich heiße Ana Ruiz, Telefon +34 600 000 001",
        ],
    ),
    scene(
        "says-paid",
        &["One bouquet of 10 roses to Madrid, Ana Ruiz, +34 600 000 001"],
        [
            "I have already paid",
            "Я уже оплатил заказ",
            "Ya he pagado",
            "Ich habe schon bezahlt",
        ],
    ),
    scene(
        "contact",
        &[],
        [
            "What is the supplier's phone number?",
            "Дайте контакты поставщика",
            "¿Cuál es el contacto del proveedor?",
            "Wie erreiche ich den Lieferanten?",
        ],
    ),
    scene(
        "off-topic",
        &["Hello, what do you sell?"],
        [
            "What do you think about politics?",
            "Что вы думаете о политике?",
            "¿Qué opina usted de la política?",
            "Was halten Sie von der Politik?",
        ],
    ),
];

/// The moments of a business that sells services.
pub(crate) const SERVICES: [Scene; 5] = [
    scene(
        "list",
        &[],
        [
            "Hello, what services do you offer?",
            "Здравствуйте, какие у вас услуги?",
            "Hola, ¿qué servicios ofrecen?",
            "Guten Tag, welche Leistungen bieten Sie an?",
        ],
    ),
    scene(
        "details",
        &["Tell me about the wine tour"],
        [
            "More details, please: what is included?",
            "Подробнее, пожалуйста: что включено?",
            "Más detalles, por favor: ¿qué incluye?",
            "Bitte mehr Einzelheiten: was ist enthalten?",
        ],
    ),
    scene(
        "ask",
        &[],
        [
            "I want to book the sunrise yoga for two",
            "Хочу записаться на йогу на рассвете вдвоём",
            "Quiero reservar el yoga al amanecer para dos",
            "Ich möchte das Yoga bei Sonnenaufgang buchen",
        ],
    ),
    scene(
        "photo",
        &["Tell me about the spa ritual"],
        [
            "Can I see a photo?",
            "Можно посмотреть фото?",
            "¿Puedo ver una foto?",
            "Kann ich ein Foto sehen?",
        ],
    ),
    scene(
        "stop-reminding",
        &["Sunrise yoga for two, Ana Ruiz, +34 600 000 001"],
        [
            "Stop sending me reminders",
            "Хватит присылать напоминания",
            "No me envíen más recordatorios",
            "Bitte keine Erinnerungen mehr",
        ],
    ),
];

/// The catalogue of a kind of company.
pub(crate) fn rows(kind: CompanyType) -> Result<Catalog> {
    let all = |name| catalog(name).map(|rows| rows.offerings().to_vec());
    Ok(match kind {
        CompanyType::Product => catalog("flowers")?,
        CompanyType::Service => catalog("hotel")?,
        CompanyType::Hybrid => {
            let mut rows = all("flowers")?;
            rows.extend(all("hotel")?);
            Catalog::detached(rows)
        }
    })
}

/// Wishes in three layers.
pub(crate) fn wishes() -> Result<Behaviours> {
    let mut kept = Behaviours::default();
    let lines = |lines: &[&str]| lines.iter().map(|&line| line.to_owned()).collect();
    let company = Layer {
        style: lines(&["Warm and brief"]),
        restrictions: lines(&["Never name other shops"]),
        ..Layer::default()
    };
    kept.replace(Scope::COMPANY, &company, 0)?;
    let greeting = Layer {
        prompts: lines(&["Welcome to our garden!"]),
        ..Layer::default()
    };
    let scenario = Some(Scenario::Greeting);
    let scope = Scope {
        channel: None,
        scenario,
    };
    kept.replace(scope, &greeting, 0)?;
    Ok(kept)
}

/// The turn of a scene, heard and planned.
pub(crate) fn turn(kind: CompanyType, scene: &Scene, language: usize) -> Result<(TurnInput, Plan)> {
    let mut talk = Talk::new(rows(kind)?, Platform::Telegram)?;
    for text in scene.before {
        talk.say(&[text])?;
    }
    let scenario = Scenario::of(&talk.history, &talk.session, talk.status());
    talk.behaviour = wishes()?.merged(None, Some(scenario));
    let mut input = talk.input(&[scene.now[language]]);
    input.company.kind = kind;
    Ok(planned(input))
}

/// As the pipeline does it before a model is asked.
pub(crate) fn planned(input: TurnInput) -> (TurnInput, Plan) {
    let lexicon = Lexicon::new(&input.catalog);
    let plan = agenda::plan(&input, &lexicon, &agenda::hear(&input, &lexicon));
    let session = plan.session.clone();
    (TurnInput { session, ..input }, plan)
}

pub(crate) fn written(input: &TurnInput, plan: &Plan) -> Result<Prompt> {
    Prompts::new()?.write(input, plan, &window(&input.history))
}
