//! How fast a catalogue version becomes searchable, how fast it answers, and what its index holds in memory (K12).
#![expect(
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "it makes its own catalogue and tells what it measured"
)]

use divan::Bencher;
use x8_core::{
    Money,
    catalog::{
        Catalog, Common, Group, Kind, Offering,
        search::{Query, Search},
    },
    order::Area,
};

fn main() {
    for rows in [1_000, 20_000, 50_000] {
        let catalog = catalog(rows);
        let index = Search::new(&catalog).approx_bytes();
        let stored = catalog.approx_bytes();
        println!("{rows} rows: {stored} bytes of rows, {index} bytes of index");
    }
    divan::main();
}

#[divan::bench(args = [1_000, 20_000, 50_000], sample_count = 5, sample_size = 1)]
fn build(bencher: Bencher<'_, '_>, rows: u32) {
    let catalog = catalog(rows);
    bencher.bench(|| Search::new(&catalog));
}

#[divan::bench(args = [
    "A-4711",
    "кожаная сумка",
    "bolsos de cuero rojo",
    "leathr bag",
    "do you have a big red leather bag for my mother, delivered to Madrid?",
    "ba",
])]
fn find_in_20_000(bencher: Bencher<'_, '_>, text: &str) {
    let search = Search::new(&catalog(20_000));
    let query = Query {
        text,
        area: Some(Area::Place("Madrid".to_owned())),
        available_only: true,
        limit: 10,
    };
    bencher.bench(|| search.find(&query));
}

type Words = [[&'static str; 8]; 3];

const WORDS: [Words; 3] = [
    [
        [
            "big", "small", "soft", "old", "light", "warm", "plain", "fine",
        ],
        [
            "leather", "cotton", "wooden", "golden", "silver", "woollen", "paper", "glass",
        ],
        [
            "bag", "table", "lamp", "shirt", "vase", "chair", "clock", "scarf",
        ],
    ],
    [
        [
            "большая",
            "малая",
            "мягкая",
            "старая",
            "светлая",
            "тёплая",
            "простая",
            "тонкая",
        ],
        [
            "кожаная",
            "хлопковая",
            "деревянная",
            "золотая",
            "серебряная",
            "шерстяная",
            "бумажная",
            "стеклянная",
        ],
        [
            "сумка",
            "лампа",
            "рубашка",
            "ваза",
            "картина",
            "кружка",
            "шаль",
            "полка",
        ],
    ],
    [
        [
            "bolso", "mesa", "lámpara", "camisa", "jarrón", "silla", "reloj", "bufanda",
        ],
        [
            "de cuero",
            "de algodón",
            "de madera",
            "de oro",
            "de plata",
            "de lana",
            "de papel",
            "de cristal",
        ],
        [
            "rojo", "pequeño", "suave", "antiguo", "ligero", "cálido", "sencillo", "fino",
        ],
    ],
];

const PLACES: [&str; 6] = ["Madrid", "Valencia", "Málaga", "Sevilla", "Bilbao", "Cádiz"];

/// A shop of this many rows in three languages: names of three words and a number, 20 words of description out of some
/// 6,000.
fn catalog(rows: u32) -> Catalog {
    let mut dice = Dice(7);
    let mut offering = |at: u32| {
        let [first, second, third] = dice.pick(&WORDS);
        let words = [dice.pick(first), dice.pick(second), dice.pick(third)];
        let name = format!("{} {} {} {at}", words[0], words[1], words[2]);
        let about: Vec<String> = (0..20).map(|_| dice.word()).collect();
        let places = [*dice.pick(&PLACES), *dice.pick(&PLACES)];
        Offering {
            description: about.join(" ").into(),
            common: Common {
                group: Group {
                    category: Some((*dice.pick(third)).to_owned()),
                    areas: places.into_iter().collect(),
                    ..Group::default()
                }
                .into(),
                ..Common::default()
            }
            .into(),
            ..Offering::new(format!("A-{at}"), Kind::Product, name, Money::eur(10_00))
        }
    };
    Catalog::detached((0..rows).map(&mut offering).collect())
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % sides.max(1)
    }

    fn pick<'a, T, const N: usize>(&mut self, list: &'a [T; N]) -> &'a T {
        &list[self.roll(N)]
    }

    /// One of some 6,000 words.
    fn word(&mut self) -> String {
        const PARTS: [&str; 18] = [
            "ma", "ro", "ti", "ле", "на", "со", "ka", "lu", "ver", "den", "сто", "рин", "pal",
            "mos", "gra", "тов", "ска", "bri",
        ];
        (0..1 + self.roll(3)).map(|_| *self.pick(&PARTS)).collect()
    }
}
