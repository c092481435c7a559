/// A dense layer with a random kernel and biases of 0.
fn dense(inputs: usize, outputs: usize, device: &Device) -> Linear {
    let layer = LinearConfig::new(inputs, outputs).with_initializer(glorot(inputs + outputs)).init(device);
    Linear { bias: Some(Param::from_tensor(Tensor::zeros([outputs], device))), ..layer }
}

fn load_dense(layer: &mut Linear, file: &SafeTensors, name: &str) -> Result<(), SafeTensorError> {
    let device = layer.weight.val().device();
    layer.weight = Param::from_tensor(tensor(file, &format!("{name}.kernel"), &device)?);
    layer.bias = Some(Param::from_tensor(tensor(file, &format!("{name}.bias"), &device)?));
    Ok(())
}
