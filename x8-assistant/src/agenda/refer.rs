//! "That one", "the second", "the bouquet of 20": answers that point back (O1).

use jiff::civil::DateTime;
use x8_core::{
    Sku,
    cart::{PackPlan, plan_packs},
    catalog::Kind,
    conversation::{Asked, Flow},
    order::{CartLine, OrderState, PaymentStatus},
    port::TurnInput,
    text::fold,
};

use super::Turn;

mod duration;

pub(super) use duration::by_duration;

use crate::understand::{
    Count, Heard, Intent, Lexicon, Wish, alike_for_children, for_children, of_size, pack_sizes,
    unsettled, wished,
};

/// "How long is one lesson?", "two lessons": the unit of the one thing spoken of, not other things of that name.
pub(super) fn by_unit(heard: &mut Heard, input: &TurnInput) {
    let session = &input.session;
    let listing = [Intent::List, Intent::Free, Intent::More, Intent::Cheaper];
    let sku = match (&session.focus, session.cart.as_slice()) {
        (_, [line]) => &line.sku,
        (Some(focus), []) => focus,
        _other => return,
    };
    let [wish] = heard.wishes.as_mut_slice() else {
        return;
    };
    let asks = listing.iter().any(|intent| heard.intents.contains(intent));
    let row = input.catalog.get(sku);
    let Some(unit) = row.and_then(|row| row.unit.as_deref()).map(fold) else {
        return;
    };
    let text = fold(&input.customer_text());
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    let stem: String = unit.chars().take(unit.chars().count().max(4) - 1).collect();
    let spoken = words
        .filter(|word| word.starts_with(&stem) && word.len() <= unit.len() + 4)
        .count();
    // "Rather the 250 g, 3 bags": another thing that is sold so.
    let other = heard.intents.contains(&Intent::Replace) && !wish.skus.contains(sku);
    if wish.skus.len() < 2 || asks || other || spoken == 0 {
        return;
    }
    wish.skus = vec![sku.clone()];
    if let Count::Pieces(count) = wish.count {
        wish.count = Count::Units(count);
    }
}

/// The start that the customer's earlier messages wished for, read in order; a new day of an order that is changed keeps its
/// hour, and a new place keeps both.
pub(super) fn wished_before(input: &TurnInput) -> Option<DateTime> {
    const MOST: usize = 12;
    let own = input.history.iter().rev();
    let own = own
        .filter(|message| message.flow == Flow::Inbound)
        .take(MOST);
    let own: Vec<_> = own.collect();
    own.into_iter().rev().fold(None, |known, message| {
        wished(&message.text, super::local(input, message.at), known).or(known)
    })
}

/// A new time for the order whose link is open: "on Wednesday rather" keeps the hour, "at 15?" the day.
pub(super) fn wished_again(heard: &mut Heard, input: &TurnInput, text: &str) {
    const SHORT: usize = 5;
    let timed = heard.wished_start.is_some();
    let counted = heard.count.is_some() || heard.people.is_some();
    let short = heard.words <= SHORT && counted && heard.wishes.is_empty();
    if !timed && !short {
        return;
    }
    let Some(before) = wished_before(input) else {
        return;
    };
    let start = wished(text, super::local_now(input), Some(before));
    if !timed && start.is_some() {
        heard.count = None;
        heard.people = None;
        heard.bare_count = false;
    }
    heard.wished_start = start.or(heard.wished_start);
}

/// "Forget the card" leaves a card out; only "cancel" itself calls everything off beside that.
pub(super) fn left_out(heard: &mut Heard, text: &str) {
    const PLAIN: &[&str] = &["cancel", "отмен", "аннул", "anul"];
    let text = fold(text);
    if !heard.unwanted.is_empty() && !PLAIN.iter().any(|word| text.contains(word)) {
        heard.intents.remove(&Intent::Cancel);
    }
}

/// "It was declined, I'll try another card": of paying, where a link is open.
pub(super) fn payment_trouble(heard: &mut Heard, input: &TurnInput, text: &str) {
    const TROUBLE: &[&str] = &[
        "declined",
        "rejected",
        "didn't go through",
        "did not go through",
        "payment fail",
        "link doesn't work",
        "link does not work",
        "different card",
        "try another card",
        "with another card",
        "rechaz",
        "otra tarjeta",
        "no me deja pagar",
        "no funciona el enlace",
        "другой карт",
        "другую карт",
        "отклон",
        "не проходит",
        "не прошл",
    ];
    let link = input.payment_status == PaymentStatus::PaymentLinkSent;
    let text = fold(text);
    if !link || !TROUBLE.iter().any(|phrase| text.contains(phrase)) {
        return;
    }
    heard.wishes.clear();
    heard.intents.clear();
    heard.intents.insert(Intent::Pay);
}

/// "I still want it, send me another link": the order whose link expired, again.
pub(super) fn still_wanted(heard: &mut Heard, input: &TurnInput, text: &str) {
    const STILL: &[&str] = &[
        "still want",
        "another link",
        "new link",
        "send the link",
        "link again",
        "otro enlace",
        "nuevo enlace",
        "enlace nuevo",
        "otro link",
        "todavia lo quiero",
        "todavia la quiero",
        "aun lo quiero",
        "aun la quiero",
        "sigo queriendo",
        "новую ссылку",
        "еще раз ссылку",
        "ссылку еще раз",
        "пришлите ссылку",
        "все еще хочу",
        "все еще нуж",
        "еще актуал",
    ];
    let expired = input
        .order
        .as_ref()
        .is_some_and(|order| order.state == OrderState::Expired);
    let text = fold(text);
    if expired && heard.wishes.is_empty() && STILL.iter().any(|phrase| text.contains(phrase)) {
        heard.intents.remove(&Intent::Pay);
        heard.intents.remove(&Intent::Add);
        heard.intents.insert(Intent::Repeat);
    }
}

/// "In person, in York, two lessons" after several rows were shown: those of them that take place so.
pub(super) fn by_kind(heard: &mut Heard, input: &TurnInput) {
    let last = input.history.iter().rev();
    let last = last
        .filter(|message| message.flow == Flow::Outbound)
        .map(|message| &message.text)
        .next();
    let (Some(last), Some(Asked::Offering)) = (last, input.session.asked) else {
        return;
    };
    for wish in &mut heard.wishes {
        let shown = |sku: &Sku| {
            input
                .catalog
                .get(sku)
                .is_some_and(|row| last.contains(row.name.as_str()))
        };
        if wish.skus.len() > 1 && wish.skus.iter().any(shown) {
            wish.skus.retain(shown);
        }
    }
}

/// "And how much is it?" right after a question about delivery.
pub(super) fn delivery_price(heard: &mut Heard, input: &TurnInput, lexicon: &Lexicon) {
    const MOST: usize = 4;
    let short = heard.words <= MOST && heard.wishes.is_empty() && input.session.cart.is_empty();
    let asks = heard.wants(Intent::Price) || heard.wants(Intent::Free);
    if !short || !asks || input.session.focus.is_some() {
        return;
    }
    let before = input.history.iter().rev();
    let before = before
        .filter(|message| message.flow == Flow::Inbound)
        .map(|message| &message.text)
        .next();
    let Some(before) = before else { return };
    let now = super::local_now(input);
    let earlier = crate::understand::understand(before, &input.session, lexicon, now);
    if earlier.wants(Intent::FreeDelivery) || earlier.wants(Intent::DeliveryTime) {
        heard.intents.insert(Intent::FreeDelivery);
    }
}

/// "Does it include a cut?" after one thing was described: what that one includes, not a wish for cuts.
pub(super) fn contents(heard: &mut Heard, input: &TurnInput) {
    const HOLDS: &[&str] = &[
        "include",
        "includes",
        "included",
        "comes with",
        "come with",
        "incluye",
        "incluyen",
        "incluido",
        "incluida",
        "trae",
        "lleva",
        "viene con",
        "входит",
        "включ",
        "в комплекте",
    ];
    let session = &input.session;
    let about = match (session.cart.as_slice(), &session.focus) {
        (_, Some(focus)) => focus,
        ([line], None) => &line.sku,
        _other => return,
    };
    let other = |wish: &Wish| !wish.skus.contains(about);
    let text = fold(&input.customer_text());
    // The verb opens the question: "the box, what does it include?" names its own subject.
    let opens = HOLDS.iter().any(|holds| {
        text.split_once(holds)
            .is_some_and(|(before, _)| before.split_whitespace().count() <= 2)
    });
    let asks = heard.question || heard.wants(Intent::Details);
    if opens && asks && heard.wishes.iter().all(other) && heard.phone.is_none() {
        heard.wishes.clear();
        heard.intents.remove(&Intent::Order);
        heard.intents.insert(Intent::Details);
    }
}

/// "A dozen, loose ones": of rows that hold one piece and several those that hold one.
pub(super) fn by_piece(heard: &mut Heard, lexicon: &Lexicon, catalog: &x8_core::catalog::Catalog) {
    if !heard.single {
        return;
    }
    const BUNDLES: &[&str] = &[
        "абонемент",
        "пакет",
        "курс",
        "bono",
        "abono",
        "pack",
        "subscription",
        "pass",
        "course",
    ];
    let bundle = |sku: &Sku| {
        let unit = catalog
            .get(sku)
            .and_then(|row| row.unit.as_deref())
            .map(fold);
        unit.is_some_and(|unit| BUNDLES.iter().any(|own| unit.starts_with(own)))
    };
    for wish in &mut heard.wishes {
        let sizes = pack_sizes(lexicon, catalog, &wish.skus);
        let packed = |sku: &&Sku| {
            sizes
                .iter()
                .any(|(row, size)| row.sku == **sku && *size > 1)
        };
        let alone = wish.skus.iter().filter(|sku| !packed(sku) && !bundle(sku));
        let own: Vec<Sku> = alone.cloned().collect();
        if wish.skus.len() > 1 && !own.is_empty() {
            wish.skus = own;
            if let Count::Pieces(count) = wish.count {
                wish.count = Count::Units(count);
            }
        }
    }
}

/// Words for the children somebody orders for.
const CHILDREN: &[&str] = &[
    "son",
    "sons",
    "daughter",
    "daughters",
    "kid",
    "kids",
    "child",
    "boy",
    "girl",
    "nephew",
    "niece",
    "hijo",
    "hija",
    "hijos",
    "hijas",
    "nino",
    "nina",
    "ninos",
    "ninas",
    "sobrino",
    "sobrina",
    "nieto",
    "nieta",
    "сын",
    "сына",
    "сыну",
    "сыном",
    "дочь",
    "дочки",
    "дочка",
    "дочку",
    "дочке",
    "дочери",
    "дочкой",
    "ребенок",
    "ребенка",
    "ребенку",
    "дети",
    "детей",
    "детям",
    "внук",
    "внука",
    "внуку",
    "внучка",
    "внучки",
    "внучке",
    "внучку",
    "племянник",
    "племянника",
    "племяннику",
];

/// "7 yr old", "ребёнку 6 лет": somebody that young.
fn is_young(words: &[&str]) -> bool {
    const YEARS: &[&str] = &[
        "yr", "yrs", "year", "years", "yo", "лет", "год", "года", "anos", "anitos",
    ];
    const CHILD: std::ops::RangeInclusive<u32> = 2..=13;
    let pairs = words.iter().zip(words.iter().skip(1));
    pairs
        .filter(|(_, unit)| YEARS.contains(unit))
        .any(|(number, _)| number.parse().is_ok_and(|age: u32| CHILD.contains(&age)))
}

/// "A cut for my son": of several rows the one for children; beside one that is not, the one for children like it.
pub(super) fn for_child(heard: &mut Heard, input: &TurnInput, lexicon: &Lexicon) {
    let text = fold(&input.customer_text());
    let words: Vec<&str> = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let aged = is_young(&words);
    if !aged && !words.iter().any(|word| CHILDREN.contains(word)) {
        return;
    }
    let services = input.catalog.offerings().iter();
    let services = services.filter(|row| row.kind == Kind::Service);
    let all: Vec<Sku> = services.map(|row| row.sku.clone()).collect();
    let young: Vec<Sku> = if aged {
        for_children(lexicon, &all)
    } else {
        Vec::new()
    };
    for wish in &mut heard.wishes {
        let own: Vec<Sku> = for_children(lexicon, &wish.skus);
        if wish.skus.len() > 1 && !own.is_empty() {
            wish.skus = own;
        } else if wish.skus.len() > 1 && !young.is_empty() {
            // "A class for a 7 year old": what there is for children, whatever it is called.
            wish.skus.clone_from(&young);
        }
    }
    // "My daughter is 8, French": lessons for anybody, and a club for children.
    if let [wish] = heard.wishes.as_mut_slice()
        && let [sku] = wish.skus.as_slice()
        && matches!(wish.count, Count::Open)
        && for_children(lexicon, &wish.skus).is_empty()
    {
        let like = alike_for_children(lexicon, sku);
        wish.skus.extend(like);
    }
}

/// "A large box of buns": of rows that differ in size only the one meant.
pub(super) fn by_size(heard: &mut Heard, lexicon: &Lexicon) {
    let Some(size) = heard.size else { return };
    for wish in &mut heard.wishes {
        let counted = matches!(wish.count, Count::Pieces(_));
        if let Some(sku) = of_size(lexicon, &wish.skus, size).filter(|_| !counted) {
            wish.skus = vec![sku];
        }
    }
}

/// "How long does it take?": the delivery of goods, else the duration of a service.
pub(super) fn delivery_time(heard: &mut Heard, input: &TurnInput) {
    if !heard.intents.remove(&Intent::DeliveryTime) {
        return;
    }
    let wished = heard.wishes.first().and_then(|wish| wish.skus.first());
    let cart = input.session.cart.first().map(|line| &line.sku);
    let spoken = wished.or(cart).or(input.session.focus.as_ref());
    let row = spoken.and_then(|sku| input.catalog.get(sku));
    let row = row.or_else(|| input.catalog.offerings().first());
    if row.is_some_and(|row| row.kind == Kind::Product) {
        heard.intents.remove(&Intent::Details);
        heard.intents.remove(&Intent::Status);
        heard.intents.insert(Intent::FreeDelivery);
    } else {
        heard.intents.insert(Intent::Details);
    }
}

impl Turn<'_> {
    /// The wish that a question of ours left open, from the customer's earlier messages.
    pub(super) fn pending(&self) -> Option<Wish> {
        let asked = match self.input.session.asked {
            Some(Asked::Offering | Asked::Quantity) => true,
            Some(Asked::City) => self.session.cart.is_empty(),
            Some(Asked::Contact | Asked::Confirmation) | None => false,
        };
        // Of the one thing just described nothing is to be chosen.
        let described = self.input.session.asked == Some(Asked::Quantity)
            && self.input.session.focus.is_some()
            && self.input.session.cart.is_empty();
        if !asked || described {
            return None;
        }
        let wished = self.unsettled();
        let named = self.named();
        // A place counts in the list that was shown last.
        match (wished, named) {
            (Some(wish), Some(named))
                if self.heard.ordinal.is_some() && matches!(wish.count, Count::Open) =>
            {
                Some(named)
                    .filter(|named| named.skus.len() != wish.skus.len())
                    .or(Some(wish))
            }
            (wished, named) => wished.or(named),
        }
    }

    fn unsettled(&self) -> Option<Wish> {
        let read = || {
            let now = super::local_now(self.input);
            unsettled(self.earlier(), self.lexicon, now)
        };
        self.unsettled.get_or_init(read).clone()
    }

    /// The wishes of the last message, when it asked whether they can be had together and not what there is or costs.
    pub(super) fn asked_together(&self) -> Option<Vec<Wish>> {
        let text = self.earlier().next()?;
        let blank = x8_core::conversation::Session::default();
        let now = super::local_now(self.input);
        let heard = crate::understand::understand(text, &blank, self.lexicon, now);
        let inquires = [Intent::List, Intent::Price, Intent::Details, Intent::Photo];
        let asks = heard.question && !inquires.iter().any(|intent| heard.wants(*intent));
        (asks && heard.wishes.len() > 1).then_some(heard.wishes)
    }

    /// The rows our last reply named, in its order, when they are several.
    pub(super) fn named(&self) -> Option<Wish> {
        let read = || {
            let last = self
                .input
                .history
                .iter()
                .rev()
                .find(|message| message.flow == Flow::Outbound)?;
            let skus = crate::understand::named_in(self.lexicon, &self.input.catalog, &last.text);
            (skus.len() > 1).then(|| Wish::new(skus, Count::Open))
        };
        self.named.get_or_init(read).clone()
    }

    /// Packs for pieces, out of rows that can be had in the city when it is known.
    pub(super) fn packs(&self, pieces: u32, skus: &[Sku]) -> Option<PackPlan> {
        let mut rows = pack_sizes(self.lexicon, &self.input.catalog, skus);
        if let Some(city) = &self.session.city
            && rows.iter().any(|(row, _)| row.serves(city))
        {
            rows.retain(|(row, _)| row.serves(city));
        }
        plan_packs(pieces, &rows)
    }

    /// The rows or packs an answer picks out of a pending wish.
    pub(super) fn pick(&self, pending: &Wish) -> Option<Vec<CartLine>> {
        match pending.count {
            Count::Pieces(pieces) => self.pick_packs(pieces, pending),
            Count::Units(count) => self.pick_row(pending).map(|sku| {
                vec![CartLine {
                    sku,
                    quantity: count,
                }]
            }),
            Count::Implied => self
                .pick_row(pending)
                .map(|sku| vec![CartLine { sku, quantity: 1 }]),
            Count::Open => {
                // "The second, two of them".
                let spoken = self.heard.ordinal.and(self.heard.count);
                let line = |sku: Sku| {
                    let quantity = spoken.unwrap_or_else(|| u32::from(self.is_single(&sku)));
                    vec![CartLine { sku, quantity }]
                };
                self.pick_row(pending).map(line)
            }
        }
    }

    /// "Yes, do so" to a choice of packs: the first one, which the answer then shows.
    pub(super) fn first_packs(&self, pending: &Wish) -> Option<Vec<CartLine>> {
        let agrees = self.wants(Intent::Yes) && !self.wants(Intent::No);
        let Count::Pieces(pieces) = pending.count else {
            return None;
        };
        match self.packs(pieces, &pending.skus).filter(|_| agrees) {
            Some(PackPlan::Ambiguous(options)) => options.into_iter().next(),
            Some(PackPlan::Exact(_) | PackPlan::Covers { .. }) | None => None,
        }
    }

    fn pick_packs(&self, pieces: u32, pending: &Wish) -> Option<Vec<CartLine>> {
        let Some(PackPlan::Ambiguous(options)) = self.packs(pieces, &pending.skus) else {
            return None;
        };
        let sizes = pack_sizes(self.lexicon, &self.input.catalog, &pending.skus);
        let size_of = |option: &Vec<CartLine>| match option.as_slice() {
            [line] => sizes
                .iter()
                .find(|(row, _)| row.sku == line.sku)
                .map(|(_, size)| *size),
            _mix => None,
        };
        if self.heard.single
            && let Some(option) = options.iter().find(|option| size_of(option) == Some(1))
        {
            return Some(option.clone());
        }
        if self.heard.ordinal.is_none()
            && let Some(size) = self.heard.count
            && let Some(option) = options.iter().find(|option| size_of(option) == Some(size))
        {
            return Some(option.clone());
        }
        self.nth(options.len())
            .and_then(|index| options.get(index).cloned())
    }

    /// By pack size ("the 20 one"), else by place in the list.
    fn pick_row(&self, pending: &Wish) -> Option<Sku> {
        let sizes = pack_sizes(self.lexicon, &self.input.catalog, &pending.skus);
        let sized = |count: u32| {
            sizes
                .iter()
                .find(|(_, size)| *size == count)
                .map(|(row, _)| row.sku.clone())
        };
        let by_size = self
            .heard
            .count
            .filter(|_| self.heard.ordinal.is_none())
            .and_then(sized);
        by_size.or_else(|| {
            self.nth(pending.skus.len())
                .and_then(|index| pending.skus.get(index).cloned())
        })
    }

    /// "The second", or a bare "2".
    pub(super) fn nth(&self, length: usize) -> Option<usize> {
        let spoken = self
            .heard
            .ordinal
            .map(|index| index.min(length.saturating_sub(1)));
        let bare = self
            .heard
            .count
            .filter(|_| !self.heard.recount && !self.heard.spelled && self.heard.bare_count)
            .and_then(|count| usize::try_from(count).ok()?.checked_sub(1));
        spoken.or(bare).filter(|index| *index < length)
    }
}
