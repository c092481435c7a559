/// The images of an IDX file, `[images, 1, «rows», «columns»]`, values from 0 to 1.
fn load_images(path: &str, device: &Device) -> Result<Tensor<4>, Box<dyn Error>> {
    let mut bytes = Vec::new();
    GzDecoder::new(File::open(path)?).read_to_end(&mut bytes)?;
    // Behind the header.
    let values: Vec<f32> = bytes[16..].iter().map(|&pixel| f32::from(pixel) / 255.0).collect();
    let count = values.len() / («rows» * «columns»);
    Ok(Tensor::from_data(TensorData::new(values, [count, 1, «rows», «columns»]), device))
}
