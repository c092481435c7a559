// For passes that take one layer a dispatch.
fn work(group: u32) -> Work {
  return Work(layer_at_hand.x, group);
}
