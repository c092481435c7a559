//! Whole numbers of any length.

use std::cmp::Ordering;

/// A whole number from 0 on.
#[derive(Clone, Debug)]
pub(super) struct Natural {
    /// In base 2³², the least first. The last one is not 0.
    limbs: Vec<u32>,
}

impl From<u32> for Natural {
    fn from(number: u32) -> Self {
        let mut natural = Self { limbs: Vec::new() };
        natural.multiply_add(0, number);
        natural
    }
}

impl Natural {
    /// From decimal digits, the greatest first.
    pub(super) fn from_digits(digits: &[u8]) -> Self {
        let mut natural = Self::from(0);
        digits.iter().for_each(|&digit| natural.multiply_add(10, u32::from(digit)));
        natural
    }

    /// Its decimal digits, the greatest first.
    pub(super) fn into_digits(mut self) -> Vec<u8> {
        let mut digits = Vec::new();
        while !self.limbs.is_empty() {
            digits.push(self.divide_by_ten());
        }
        digits.reverse();
        digits
    }

    pub(super) fn multiply_by_power(&mut self, base: u32, exponent: u32) {
        (0..exponent).for_each(|_| self.multiply_add(base, 0));
    }

    pub(super) fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = (&self.limbs, &other.limbs);
        a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
    }

    /// Multiplies by `factor`, and adds `carry`.
    fn multiply_add(&mut self, factor: u32, mut carry: u32) {
        for limb in &mut self.limbs {
            let product = u64::from(*limb) * u64::from(factor) + u64::from(carry);
            (*limb, carry) = (product as u32, (product >> 32) as u32);
        }
        if carry > 0 {
            self.limbs.push(carry);
        }
    }

    /// Divides by ten, and returns the remainder.
    fn divide_by_ten(&mut self) -> u8 {
        let mut remainder = 0;
        for limb in self.limbs.iter_mut().rev() {
            let dividend = remainder << 32 | u64::from(*limb);
            (*limb, remainder) = ((dividend / 10) as u32, dividend % 10);
        }
        if self.limbs.last() == Some(&0) {
            self.limbs.pop();
        }
        remainder as u8
    }
}
