
/// The random numbers of noise.safetensors, in place of Burn's: what the test puts behind a program.
mod draws {
    use super::{Device, SafeTensors, Tensor, TensorData};
    use std::{cell::RefCell, collections::HashMap};

    thread_local! {
        static STEPS: RefCell<HashMap<String, usize>> = RefCell::default();
    }

    /// The next step's numbers of this name, for the first images of the batch.
    pub fn next<const D: usize>(name: &str, like: &Tensor<D>) -> Tensor<D> {
        let file = std::fs::read("noise.safetensors").unwrap();
        let file = SafeTensors::deserialize(&file).unwrap();
        let found = file.tensor(name).unwrap();
        let step = STEPS.with_borrow_mut(|steps| {
            let step = steps.entry(name.to_owned()).or_insert(0);
            *step += 1;
            *step - 1
        });
        let dims = like.dims();
        let count = dims.iter().product::<usize>();
        let start = step * found.shape()[1] * found.shape()[2];
        let bytes = found.data().as_chunks().0[start..start + count].iter();
        let values: Vec<f32> = bytes.map(|bytes| f32::from_le_bytes(*bytes)).collect();
        let device: Device = like.device();
        Tensor::from_data(TensorData::new(values, dims), &device)
    }

    pub fn dropout<const D: usize>(x: Tensor<D>, name: &str, rate: f32) -> Tensor<D> {
        if !x.device().is_autodiff() {
            return x;
        }
        let mask = next(name, &x);
        x * mask / (1.0 - rate)
    }
}
