// For kernels that take one layer a dispatch.
fn work(group: u32) -> Work {
  return Work(current_layer.x, group);
}
