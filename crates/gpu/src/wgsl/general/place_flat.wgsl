// Places of a dense layer, whose maps have one pixel as it computes them. As the layer before or behind it sees them they may
// have more: then the layer's blocks go on over the pixels.
fn place_of(row: u32, map: Map) -> Place {
  return Place(row, 0, 0);
}

fn blocks_at(map: Map, place: Place, block: u32) -> vec4u {
  let pixel = block / map.blocks;
  let y = pixel / map.width;
  let first = map.at + 4 * place.four * map.image + y * map.row + (pixel - y * map.width) * map.blocks
    + block - pixel * map.blocks;
  return first + vec4u(0, 1, 2, 3) * map.image;
}

fn value_of(map: Map, place: Place, block: u32) -> u32 {
  return block / map.blocks * map.channels + 4 * (block % map.blocks);
}

fn channels_mask(map: Map, block: u32) -> vec4f {
  return vec4f(4 * (block % map.blocks) + vec4u(0, 1, 2, 3) < vec4u(map.channels));
}

fn target_place(layer: Layer, row: u32) -> Place {
  return Place(row, 0, 0);
}

fn is_within(layer: Layer, place: Place) -> bool {
  return true;
}
