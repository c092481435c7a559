/// The images of one kind in a set that the page saved, `[images, «channels», «rows», «columns»]`, values from 0 to 1.
fn load_images(kind: &str, device: &Device) -> Result<Tensor<4>, Box<dyn Error>> {
    let mut file = ZipArchive::new(File::open("images.zip")?)?;
    let mut manifest = String::new();
    file.by_name("manifest.txt")?.read_to_string(&mut manifest)?;
    let mut bytes = Vec::new();
    for line in manifest.lines() {
        let mut words = line.split(' ');
        if let (Some(found), Some(name)) = (words.next(), words.next())
            && found == kind
        {
            GzDecoder::new(file.by_name(name)?).read_to_end(&mut bytes)?;
        }
    }
    let values: Vec<f32> = bytes.into_iter().map(|pixel| f32::from(pixel) / 255.0).collect();
    let count = values.len() / («rows» * «columns» * «channels»);
    let images = Tensor::<4>::from_data(TensorData::new(values, [count, «rows», «columns», «channels»]), device);
    Ok(images.permute([0, 3, 1, 2]))
}
