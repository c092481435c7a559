//! Threefry-2x32 with 20 rounds: random bits as a function of a key and a counter.

/// Two random words for a counter of two words, or for several counters side by side (Salmon, Moraes, Dror and Shaw, "Parallel
/// random numbers: as easy as 1, 2, 3", 2011). It adds, rotates and xors 32-bit integers and nothing else, so that WGSL and SIMD
/// give the same bits.
#[inline(always)]
pub fn threefry<const N: usize>([k0, k1]: [u32; 2], [mut x, mut y]: [[u32; N]; 2]) -> [[u32; N]; 2] {
    /// The parity constant of Skein's key schedule.
    const PARITY: u32 = 0x1bd1_1bda;
    const ROTATIONS: [[u32; 4]; 2] = [[13, 15, 26, 6], [17, 29, 16, 24]];
    let keys = [k0, k1, k0 ^ k1 ^ PARITY];
    // Loops and no iterators, so that the compiler makes vectors of them.
    for n in 0..N {
        (x[n], y[n]) = (x[n].wrapping_add(k0), y[n].wrapping_add(k1));
    }
    for group in 0..5 {
        for rotation in ROTATIONS[group % 2] {
            for n in 0..N {
                x[n] = x[n].wrapping_add(y[n]);
                y[n] = y[n].rotate_left(rotation) ^ x[n];
            }
        }
        let [of_x, of_y] = [keys[(group + 1) % 3], keys[(group + 2) % 3].wrapping_add(group as u32 + 1)];
        for n in 0..N {
            (x[n], y[n]) = (x[n].wrapping_add(of_x), y[n].wrapping_add(of_y));
        }
    }
    [x, y]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_those_of_the_authors_known_answers() {
        // Random123's kat_vectors, threefry2x32 with 20 rounds.
        let answers = [
            ([0; 2], [0; 2], [0x6b20_0159, 0x99ba_4efe]),
            ([u32::MAX; 2], [u32::MAX; 2], [0x1cb9_96fc, 0xbb00_2be7]),
            ([0x1319_8a2e, 0x0370_7344], [0x243f_6a88, 0x85a3_08d3], [0xc492_3a9c, 0x483d_f7a0]),
        ];
        for (key, counter, answer) in answers {
            assert_eq!(threefry(key, counter.map(|word| [word; 3])), answer.map(|word| [word; 3]));
        }
    }
}
