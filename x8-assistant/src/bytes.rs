//! Finding bytes that most texts hold few of.

/// So many bytes are looked at together.
const TOGETHER: usize = 32;

/// Where the first byte stands that passes a test. The test should be made of comparisons without branches (`|` and `&`), so
/// that it runs on many bytes at once.
pub(crate) fn find(bytes: &[u8], test: impl Fn(u8) -> bool + Copy) -> Option<usize> {
    let mut chunks = bytes.chunks(TOGETHER).enumerate();
    chunks.find_map(|(at, chunk)| {
        let any = chunk.iter().fold(false, |any, byte| any | test(*byte));
        let place = if any {
            chunk.iter().position(|byte| test(*byte))
        } else {
            None
        };
        place.map(|place| at * TOGETHER + place)
    })
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn g1_every_byte_is_found_wherever_it_stands() {
        for length in 0..100 {
            let mut bytes = vec![b'a'; length];
            assert_eq!(find(&bytes, |byte| byte == b'.'), None);
            for at in (0..length).rev() {
                bytes[at] = b'.';
                assert_eq!(
                    find(&bytes, |byte| (byte == b'.') | (byte == b'!')),
                    Some(at)
                );
            }
        }
    }
}
