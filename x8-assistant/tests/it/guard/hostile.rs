//! The hostile set: what a model may be tricked into, and what must come through all the same.

use super::score::score;

#[test]
fn g1_to_g16_a2_hostile_replies_are_held_and_honest_ones_come_through() {
    let rows = score().unwrap();
    for row in &rows {
        println!("{row}");
    }
    let Some((all, classes)) = rows.split_last() else {
        panic!("no classes");
    };
    let honest = classes.iter().find(|row| row.class == "honest").unwrap();
    assert!(honest.cases >= 150, "{honest}");
    assert!(all.cases - honest.cases >= 500, "{all}");
    for (name, why) in &all.broken {
        println!("- {name}\n  {why}");
    }
    assert!(all.broken.is_empty(), "{all}");
}
