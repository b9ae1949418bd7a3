//! Names of months, weekdays and days near today, in three languages.

use jiff::civil::Weekday;

/// Word starts (`*`) and words of each month.
pub(super) const MONTHS: [(i8, &[&str]); 12] = [
    (1, &["january", "jan", "январ*", "янв", "enero", "ene"]),
    (2, &["february", "feb", "феврал*", "фев", "febrero"]),
    (3, &["march", "март*", "marzo"]),
    (4, &["april", "apr", "апрел*", "апр", "abril", "abr"]),
    (5, &["may", "мая", "май", "mayo"]),
    (6, &["june", "jun", "июн*", "junio"]),
    (7, &["july", "jul", "июл*", "julio"]),
    (8, &["august", "aug", "август*", "авг", "agosto"]),
    (
        9,
        &[
            "september",
            "sept",
            "sep",
            "сентябр*",
            "сен",
            "septiembre",
            "setiembre",
        ],
    ),
    (10, &["october", "oct", "октябр*", "окт", "octubre"]),
    (11, &["november", "nov", "ноябр*", "ноя", "noviembre"]),
    (
        12,
        &["december", "dec", "декабр*", "дек", "diciembre", "dic"],
    ),
];

/// Words of each weekday, misspellings included.
pub(super) const WEEKDAYS: [(Weekday, &[&str]); 7] = [
    (
        Weekday::Monday,
        &["monday", "monda", "mondy", "понедельник*", "пн", "lunes"],
    ),
    (
        Weekday::Tuesday,
        &["tuesday", "tues", "tuesdy", "вторник*", "вт", "martes"],
    ),
    (
        Weekday::Wednesday,
        &[
            "wednesday",
            "weds",
            "wednsday",
            "wensday",
            "среду",
            "среда",
            "среды",
            "среде",
            "ср",
            "miercoles",
        ],
    ),
    (
        Weekday::Thursday,
        &[
            "thursday",
            "thurs",
            "thur",
            "thu",
            "четверг*",
            "чт",
            "jueves",
        ],
    ),
    (
        Weekday::Friday,
        &["friday", "fri", "пятниц*", "пт", "viernes"],
    ),
    (
        Weekday::Saturday,
        &["saturday", "saterday", "суббот*", "субот*", "сб", "sabado"],
    ),
    (Weekday::Sunday, &["sunday", "воскресен*", "вс", "domingo"]),
];

/// Short English names that are other words too: a weekday behind one of [`ON`] only.
pub(super) const SHORT: [(Weekday, &str); 5] = [
    (Weekday::Monday, "mon"),
    (Weekday::Tuesday, "tue"),
    (Weekday::Wednesday, "wed"),
    (Weekday::Saturday, "sat"),
    (Weekday::Sunday, "sun"),
];
pub(super) const ON: &[&str] = &["on", "this", "next", "by", "for", "until"];

/// Days near today.
pub(super) const NEAR: [(i64, &[&str]); 3] = [
    (
        2,
        &[
            "day after tomorrow",
            "послезавтра",
            "после завтра",
            "pasado manana",
        ],
    ),
    (
        1,
        &[
            "tomorrow",
            "tommorow",
            "tommorrow",
            "tomorow",
            "tmrw",
            "tmr",
            "завтра",
            "завтро",
            "manana",
        ],
    ),
    (
        0,
        &[
            "today",
            "tonight",
            "this evening",
            "this afternoon",
            "сегодня",
            "севодня",
            "hoy",
            "esta noche",
            "esta tarde",
        ],
    ),
];

/// "Next" in front of a weekday, in languages where it means the coming week.
pub(super) const NEXT: &[&str] = &["next", "следующ*", "след"];
/// The same, where it may mean the coming days.
pub(super) const COMING: &[&str] = &["proximo", "proxima"];
/// "The week after this one".
pub(super) const NEXT_WEEK: &[&str] = &[
    "next week",
    "следующей неделе",
    "след неделе",
    "semana que viene",
    "proxima semana",
    "semana proxima",
];

/// Days of a month as ranks: "first", "пятого", "primero".
pub(super) const RANKS: [(i8, &[&str]); 31] = [
    (1, &["first", "первого", "первое", "primero"]),
    (2, &["second", "второго", "второе"]),
    (3, &["third", "третьего", "третье"]),
    (4, &["fourth", "четвертого", "четвертое"]),
    (5, &["fifth", "пятого", "пятое"]),
    (6, &["sixth", "шестого", "шестое"]),
    (7, &["seventh", "седьмого", "седьмое"]),
    (8, &["eighth", "восьмого", "восьмое"]),
    (9, &["ninth", "девятого", "девятое"]),
    (10, &["tenth", "десятого", "десятое"]),
    (11, &["eleventh", "одиннадцатого"]),
    (12, &["twelfth", "двенадцатого"]),
    (13, &["thirteenth", "тринадцатого"]),
    (14, &["fourteenth", "четырнадцатого"]),
    (15, &["fifteenth", "пятнадцатого"]),
    (16, &["sixteenth", "шестнадцатого"]),
    (17, &["seventeenth", "семнадцатого"]),
    (18, &["eighteenth", "восемнадцатого"]),
    (19, &["nineteenth", "девятнадцатого"]),
    (20, &["twentieth", "двадцатого", "двадцатое"]),
    (21, &["twenty first", "двадцать первого"]),
    (22, &["twenty second", "двадцать второго"]),
    (23, &["twenty third", "двадцать третьего"]),
    (24, &["twenty fourth", "двадцать четвертого"]),
    (25, &["twenty fifth", "двадцать пятого"]),
    (26, &["twenty sixth", "двадцать шестого"]),
    (27, &["twenty seventh", "двадцать седьмого"]),
    (28, &["twenty eighth", "двадцать восьмого"]),
    (29, &["twenty ninth", "двадцать девятого"]),
    (30, &["thirtieth", "тридцатого"]),
    (31, &["thirty first", "тридцать первого"]),
];
