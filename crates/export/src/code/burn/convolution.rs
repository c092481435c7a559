/// A convolution with a random kernel and biases of 0. The padding is that above, left, below and right.
fn convolution(channels: [usize; 2], kernel: usize, stride: usize, padding: [usize; 4], device: &Device) -> Conv2d {
    let [inputs, outputs] = channels;
    let [top, left, bottom, right] = padding;
    let layer = Conv2dConfig::new(channels, [kernel; 2])
        .with_stride([stride; 2])
        .with_padding(PaddingConfig2d::Explicit(top, left, bottom, right))
        .with_initializer(glorot(kernel * kernel * (inputs + outputs)))
        .init(device);
    Conv2d { bias: Some(Param::from_tensor(Tensor::zeros([outputs], device))), ..layer }
}

fn load_convolution(layer: &mut Conv2d, file: &SafeTensors, name: &str) -> Result<(), SafeTensorError> {
    let device = layer.weight.val().device();
    // Keras' axes are [row, column, inputs, outputs].
    let kernel: Tensor<4> = tensor(file, &format!("{name}.kernel"), &device)?;
    layer.weight = Param::from_tensor(kernel.permute([3, 2, 0, 1]));
    layer.bias = Some(Param::from_tensor(tensor(file, &format!("{name}.bias"), &device)?));
    Ok(())
}
