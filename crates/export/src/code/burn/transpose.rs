/// A transposed convolution with a random kernel and biases of 0. `unreached` are rows and columns behind the last position of
/// the kernel.
fn transpose(channels: [usize; 2], kernel: usize, stride: usize, unreached: [usize; 2], device: &Device) -> ConvTranspose2d {
    let [inputs, outputs] = channels;
    let layer = ConvTranspose2dConfig::new(channels, [kernel; 2])
        .with_stride([stride; 2])
        .with_padding_out(unreached)
        .with_initializer(glorot(kernel * kernel * (inputs + outputs)))
        .init(device);
    ConvTranspose2d { bias: Some(Param::from_tensor(Tensor::zeros([outputs], device))), ..layer }
}

fn load_transpose(layer: &mut ConvTranspose2d, file: &SafeTensors, name: &str) -> Result<(), SafeTensorError> {
    let device = layer.weight.val().device();
    // Keras' axes are [row, column, outputs, inputs].
    let kernel: Tensor<4> = tensor(file, &format!("{name}.kernel"), &device)?;
    layer.weight = Param::from_tensor(kernel.permute([3, 2, 0, 1]));
    layer.bias = Some(Param::from_tensor(tensor(file, &format!("{name}.bias"), &device)?));
    Ok(())
}

/// So many rows and columns of maps, from this row and this column on.
fn crop(maps: Tensor<4>, [top, left]: [usize; 2], [rows, columns]: [usize; 2]) -> Tensor<4> {
    maps.narrow(2, top, rows).narrow(3, left, columns)
}
