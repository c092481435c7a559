// Places in maps of pixels. Divisions are slow on many adapters, so that there is one for each part of a place.

// The place of a block of rows in maps of so many pixels.
fn place_of(row: u32, map: Map) -> Place {
  let pixels = map.height * map.width;
  let four = row / pixels;
  let pixel = row - four * pixels;
  let y = pixel / map.width;
  return Place(four, y, pixel - y * map.width);
}

// Where the block of channels is at a place, for each of the four images.
fn blocks_at(map: Map, place: Place, block: u32) -> vec4u {
  let first = map.at + 4 * place.four * map.image + place.y * map.row + place.x * map.blocks + block;
  return first + vec4u(0, 1, 2, 3) * map.image;
}

// The number of the block's first value in an image without padding.
fn value_of(map: Map, place: Place, block: u32) -> u32 {
  return (place.y * map.width + place.x) * map.channels + 4 * block;
}

// 1 for the channels in a block, 0 for the padding behind them.
fn channels_mask(map: Map, block: u32) -> vec4f {
  return vec4f(4 * block + vec4u(0, 1, 2, 3) < vec4u(map.channels));
}
