//! Replies as models write them: about 500 characters of words inside the whole contract object.

use serde_json::{Value, json};
use x8_assistant::guard::Context;

use super::rows::{cents, name, price};

/// One reply of a model and the turn it belongs to.
pub(crate) struct Case {
    pub(crate) kind: &'static str,
    pub(crate) raw: String,
    pub(crate) context: Context,
}

const LANGUAGES: [&str; 3] = ["en", "ru", "es"];

fn context(language: &str, said: &str) -> Context {
    let value = json!({
        "channel": "whatsapp", "sender": "34600111222@c.us", "token": "34600111222@c.us", "instance_id": "session-0017",
        "language": language, "customer_text": said, "payment_status": "no_payment_link",
    });
    serde_json::from_value(value).unwrap_or_default()
}

fn object(words: &str, language: &str) -> Value {
    json!({
        "response": words, "sender": "34600111222@c.us", "token": "34600111222@c.us", "instance_id": "session-0017",
        "imageurl": "", "send_payment_link": false, "city": "", "units_to_buy": 0, "total_sum": 0, "products_sum": 0,
        "delivery_sum": 0, "free_delivery": null, "items": null, "recipient_phone_number": "", "client_name": "",
        "order_description": "", "payment_reminder_hours": 0, "language": language, "remind": true, "stripe_lang": null,
        "videourl": "", "change_payment_status": false,
    })
}

/// A list of offerings with their prices; `wrong` makes one of the prices another.
fn list(at: u32, tongue: usize, wrong: bool) -> String {
    let lead = [
        "Here is what we can offer you today. All bouquets are fresh and come with a ribbon and a card.",
        "Вот что мы можем предложить сегодня. Все букеты свежие, с лентой и открыткой.",
        "Esto es lo que podemos ofrecerle hoy. Todos los ramos son frescos y llevan cinta y tarjeta.",
    ][tongue];
    let tail = [
        "We deliver to Barcelona, Valencia and Málaga. Which one would you like, and to which city shall we bring it?",
        "Доставляем в Барселону, Валенсию и Малагу. Какой букет вам нравится и в какой город его привезти?",
        "Repartimos en Barcelona, Valencia y Málaga. ¿Cuál le gusta y a qué ciudad lo llevamos?",
    ][tongue];
    let mut words = format!("{lead}\n\n");
    for line in 0..5 {
        let number = (at + line * 3) % 990;
        let shown = if wrong && line == 3 {
            "17.35".to_owned()
        } else {
            price(number)
        };
        words.push_str(&format!("{}. {} — {shown} EUR\n", line + 1, name(number)));
    }
    words + "\n" + tail
}

/// Words about one offering, without a list.
fn told(at: u32, tongue: usize) -> String {
    let (name, price) = (name(at), price(at));
    match tongue {
        0 => format!(
            "{name} costs {price} EUR. The roses are of one colour, wrapped in paper with a ribbon, and stay cool until they \
            reach the door. Delivery costs 5 EUR; from 80 EUR of flowers on it is free. You can choose the colour of the ribbon, and a \
            card with your words comes with every bouquet. If you tell us the city and for whom the flowers are, we will prepare \
            everything. We answer every day, also on holidays. Would you like to order it, or shall I show you something smaller?"
        ),
        1 => format!(
            "{name} стоит {price} EUR. Розы одного цвета, в бумаге с лентой, и до самой двери едут в холоде. Доставка стоит 5 EUR, \
            а при заказе цветов от 80 EUR она бесплатная. Цвет ленты можно выбрать, к каждому букету мы кладём открытку с вашими \
            словами. Если вы напишете город и для кого цветы, мы всё подготовим. Отвечаем каждый день, в праздники тоже. Хотите \
            оформить заказ или показать вам что-нибудь поменьше? Мы с радостью поможем с выбором."
        ),
        _ => format!(
            "{name} cuesta {price} EUR. Las rosas son de un solo color, van envueltas en papel con cinta y viajan en frío hasta la \
            puerta. La entrega cuesta 5 EUR; a partir de 80 EUR de flores es gratis. Puede elegir el color de la cinta, y cada ramo \
            lleva una tarjeta con sus palabras. Si nos dice la ciudad y para quién son las flores, lo preparamos todo. Contestamos \
            todos los días, también los festivos. ¿Desea pedirlo o le enseño algo más pequeño?"
        ),
    }
}

fn checkout(at: u32, tongue: usize) -> Value {
    let total = cents(at) * 2;
    let delivery = if total >= 8_000 { 0 } else { 500 };
    let sum = x8_core::Money::eur(total + delivery).digits();
    let (name, price) = (name(at), price(at));
    let words = match tongue {
        0 => format!(
            "Thank you, Ana! I have noted your order: 2 × {name}, {price} EUR each. The courier brings it to Valencia and \
            calls the recipient before he comes. The flowers travel in a cool box, and the card carries the words that you gave us. \
            If the recipient is not at home, the courier waits for a quarter of an hour and then leaves the flowers with a neighbour. \
            Total: {sum} EUR. The payment link follows in the next message. Thank you for choosing us and have a lovely day!"
        ),
        1 => format!(
            "Спасибо, Анна! Ваш заказ: 2 × {name}, по {price} EUR. Курьер привезёт его в Валенсию и позвонит получателю перед \
            приездом. Цветы едут в прохладной коробке, на открытке будут ваши слова. Если получателя нет дома, курьер подождёт \
            четверть часа и оставит цветы соседям. Итого: {sum} EUR. Ссылка на оплату придёт следующим сообщением. Спасибо, что \
            выбрали нас, и хорошего вам дня! Мы всегда рады помочь вам с цветами."
        ),
        _ => format!(
            "¡Gracias, Ana! Su pedido: 2 × {name}, {price} EUR cada uno. El repartidor lo lleva a Valencia y llama al \
            destinatario antes de llegar. Las flores viajan en una caja fresca y la tarjeta lleva las palabras que usted nos dio. Si el \
            destinatario no está en casa, el repartidor espera un cuarto de hora y deja las flores a un vecino. Total: {sum} EUR. El \
            enlace de pago va en el mensaje siguiente. ¡Gracias por elegirnos y que tenga un buen día!"
        ),
    };
    let mut object = object(&words, ["English", "Russian", "Spanish"][tongue]);
    let more = json!({
        "send_payment_link": true, "city": "Valencia", "units_to_buy": 2, "total_sum": (total + delivery) / 100,
        "products_sum": total / 100, "delivery_sum": delivery / 100, "free_delivery": delivery == 0,
        "items": [{"lineItems": [{"SKU": 1_000 + at, "price": format!("price_1Q{at:06}roses"),
            "shippingRate": format!("shr_1Q{:06}flat", at % 4), "quantity": 2}]}],
        "recipient_phone_number": "+34600111222", "client_name": "Ana", "order_description": format!("2 × {name}"),
        "payment_reminder_hours": 3, "stripe_lang": LANGUAGES[tongue],
    });
    for (key, value) in more.as_object().into_iter().flatten() {
        object[key] = value.clone();
    }
    object
}

/// In every language: four lists, four texts about one offering, two checkouts, two lists with one wrong price.
pub(crate) fn mix() -> Vec<Case> {
    let mut cases = Vec::new();
    for round in 0..4_u32 {
        for (tongue, language) in LANGUAGES.into_iter().enumerate() {
            let at = 120 * round + u32::try_from(tongue).unwrap_or(0);
            let named = ["English", "Russian", "Spanish"][tongue];
            let asked = [
                "What bouquets do you have?",
                "Какие букеты у вас есть?",
                "¿Qué ramos tienen?",
            ][tongue];
            let mut add = |kind, object: Value, said: &str| {
                cases.push(Case {
                    kind,
                    raw: object.to_string(),
                    context: context(language, said),
                });
            };
            add("list", object(&list(at, tongue, false), named), asked);
            add("told", object(&told(at, tongue), named), asked);
            if round % 2 == 0 {
                let served = at - at % 18 + u32::try_from(tongue).unwrap_or(0);
                add(
                    "checkout",
                    checkout(served, tongue),
                    "2, Valencia, Ana, +34600111222",
                );
                add("wrong", object(&list(at, tongue, true), named), asked);
            }
        }
    }
    cases
}
