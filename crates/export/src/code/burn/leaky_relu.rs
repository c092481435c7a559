/// LeakyReLU. Where x is exactly 0 its derivative is the slope, as in Keras; Burn's own has 1 there.
fn leaky_relu<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    let is_negative = x.clone().lower_equal_elem(0);
    x.clone().mask_where(is_negative, x * SLOPE)
}
