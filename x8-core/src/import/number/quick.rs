//! The numbers of most cells, without the general way.

use super::DecimalMark;

/// A cell of digits, or of digits, one mark and at most two decimals: most cells are. In such a cell the mark can be
/// nothing but the decimal mark, and the general way gives the same answers.
pub(in crate::import) fn quick(text: &str) -> Option<(i64, Option<DecimalMark>)> {
    // Nine digits, a mark and two more.
    if text.is_empty() || text.len() > 12 {
        return None;
    }
    let (mut value, mut whole, mut mark, mut decimals) = (0_i64, 0_u32, None, 0_u32);
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => {
                value = value * 10 + i64::from(byte - b'0');
                if mark.is_some() {
                    decimals += 1;
                } else {
                    whole += 1;
                }
            }
            b',' if mark.is_none() => mark = Some(DecimalMark::Comma),
            b'.' if mark.is_none() => mark = Some(DecimalMark::Point),
            _ => return None,
        }
    }
    let scale = match (mark, decimals) {
        (None, _) => 100,
        (Some(_), 1) => 10,
        (Some(_), 2) => 1,
        (Some(_), _) => return None,
    };
    (1..=9).contains(&whole).then_some((value * scale, mark))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        super::{Mark, scan},
        *,
    };

    proptest! {
        #[test]
        fn k3_the_quick_way_reads_as_the_general_way_does(text in "[0-9]{0,10}[.,]?[0-9]{0,3}") {
            if let Some((minor, mark)) = quick(&text) {
                let shape = scan(&text).map(|scanned| scanned.shape);
                prop_assert_eq!(shape.clone().and_then(|shape| shape.value(Mark::Open, 2)), Ok(minor), "{}", text);
                prop_assert_eq!(shape.ok().and_then(|shape| shape.proves(2)), mark);
            }
        }
    }

    #[test]
    fn k3_what_takes_thought_is_left_to_the_general_way() {
        for text in [
            "",
            "1,",
            ",5",
            "1.299",
            "1,299",
            "1.299,50",
            "1 299",
            "-1",
            "1e5",
            "1234567890",
            "12,345",
            "٣",
        ] {
            assert_eq!(quick(text), None, "{text}");
        }
        assert_eq!(
            quick("999999999,99"),
            Some((99_999_999_999, Some(DecimalMark::Comma)))
        );
    }
}
