/// Flattens maps row by row, channels innermost, as Keras does.
fn to_list(maps: Tensor<4>) -> Tensor<2> {
    maps.permute([0, 2, 3, 1]).flatten(1, 3)
}

/// Makes maps of lists, row by row, channels innermost.
fn to_maps(lists: Tensor<2>, [rows, columns, channels]: [usize; 3]) -> Tensor<4> {
    let [batch, _] = lists.dims();
    lists.reshape([batch, rows, columns, channels]).permute([0, 3, 1, 2])
}
