//! Whether all ranks are ready, and about to do the same. It is found out before the first step.

use super::{options::Options, plan::Plan};
use crate::Failure;
use latent_core::{
    data::shard::sha256,
    team::{Communicator, Rank},
    weights::Weights,
};
use latent_cpu::Instructions;
use serde::{Deserialize, Serialize};

/// What a rank tells the others before the first step.
#[derive(Serialize, Deserialize)]
enum Readiness {
    /// What must be the same for all: names and values.
    Ready(Vec<(String, String)>),
    /// Why it cannot train.
    Failed(String),
}

/// A rank that can begin.
pub(super) struct Prepared<'a, W> {
    pub(super) plan: &'a Plan,
    pub(super) worker: W,
    pub(super) arithmetic: Arithmetic,
}

/// What a rank's results depend on to the bit.
pub(super) enum Arithmetic {
    /// Of the CPU.
    Instructions(Instructions),
    /// A kind of GPU.
    #[cfg_attr(not(any(feature = "wgpu", test)), expect(dead_code, reason = "there are no GPUs"))]
    Gpu(String),
}

impl Arithmetic {
    /// The names and values that ranks compare.
    fn values(&self) -> [(&'static str, String); 2] {
        match self {
            Self::Instructions(instructions) => {
                [("device", "CPU".into()), ("instructions", instructions.name().into())]
            }
            Self::Gpu(kind) => [("device", "GPU".into()), ("GPU", kind.clone())],
        }
    }
}

/// Returns once all ranks are `prepared` for the same run. Otherwise all of them fail, and the first one's failure says why.
pub(super) async fn all_are<'a, W>(
    rank: Rank,
    communicator: &mut impl Communicator,
    options: &Options,
    prepared: Result<Prepared<'a, W>, Failure>,
) -> Result<Prepared<'a, W>, Failure> {
    let own = match &prepared {
        Ok(Prepared { plan, arithmetic, .. }) => Readiness::Ready(of(options, plan, arithmetic)),
        Err(failure) => Readiness::Failed(failure.to_string()),
    };
    communicator.send(&serde_json::to_vec(&own)?);
    let mut all = vec![(rank.index, own)];
    for (index, bytes) in communicator.recv().await? {
        all.push((index, serde_json::from_slice(&bytes)?));
    }
    all.sort_by_key(|(index, _)| *index);
    match (difference(&all), rank.index, prepared) {
        (None, _, prepared) => prepared,
        (Some(why), 0, _) => Err(Failure::Ranks(why)),
        (Some(_), ..) => Err(Failure::ToldByTheFirstRank),
    }
}

fn of(options: &Options, plan: &Plan, arithmetic: &Arithmetic) -> Vec<(String, String)> {
    let progress = &plan.checkpoint.progress;
    let tensors = [&progress.weights, &progress.first_moment, &progress.second_moment];
    let all = [
        ("release", env!("CARGO_PKG_VERSION").into()),
        ("settings", format!("{:?}", plan.checkpoint.settings)),
        ("start", format!("step {} of {}", progress.steps, plan.steps)),
        ("weights", tensors.map(hash).concat()),
        ("images", plan.data_sha256.clone()),
        (
            "random numbers",
            options.noise.as_ref().map_or("of the seed".into(), |path| path.display().to_string()),
        ),
    ];
    all.into_iter().chain(arithmetic.values()).map(|(name, value)| (name.into(), value)).collect()
}

fn hash(weights: &Weights) -> String {
    let numbers = weights.tensors.iter().flat_map(|tensor| &tensor.values);
    sha256(&numbers.flat_map(|number| number.to_le_bytes()).collect::<Vec<_>>())
}

/// Why these ranks cannot train together, if they can't.
fn difference(all: &[(usize, Readiness)]) -> Option<String> {
    let failed = |(rank, readiness): &(usize, Readiness)| match readiness {
        // What fails on the first rank has nothing to do with its machine, most likely.
        Readiness::Failed(why) if *rank == 0 => Some(why.clone()),
        Readiness::Failed(why) => Some(format!("rank {rank}: {why}")),
        Readiness::Ready(_) => None,
    };
    if let Some(why) = all.iter().find_map(failed) {
        return Some(why);
    }
    let ready = all.iter().filter_map(|(rank, readiness)| match readiness {
        Readiness::Ready(values) => Some((rank, values)),
        Readiness::Failed(_) => None,
    });
    let (_, first) = ready.clone().next()?;
    ready.skip(1).find_map(|(rank, values)| {
        let (ours, theirs) = first.iter().zip(values).find(|(ours, theirs)| ours != theirs)?;
        let hint = match ours.0.as_str() {
            "instructions" => ": give all of them the same --instructions",
            "device" => ": give all of them the same --device",
            "GPU" => ", which rounds differently",
            _ => "",
        };
        Some(match ours.0.as_str() {
            "instructions" | "device" | "GPU" | "release" | "start" => {
                format!("rank {rank} has the {} {}, and rank 0 {}{hint}", ours.0, theirs.1, ours.1)
            }
            name => format!("the {name} of rank {rank} differ from those of rank 0"),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready(images: &str, instructions: &str) -> Readiness {
        let values = [("images", images), ("instructions", instructions)];
        Readiness::Ready(values.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec())
    }

    fn said(all: impl IntoIterator<Item = Readiness>) -> Option<String> {
        difference(&all.into_iter().enumerate().collect::<Vec<_>>())
    }

    #[test]
    fn ranks_that_would_train_differently_are_named() {
        assert_eq!(said([ready("a", "avx2"), ready("a", "avx2")]), None);
        let images = "the images of rank 1 differ from those of rank 0";
        assert_eq!(said([ready("a", "avx2"), ready("b", "sse2")]).as_deref(), Some(images));
        let sentence =
            "rank 2 has the instructions sse2, and rank 0 avx2: give all of them the same --instructions";
        assert_eq!(
            said([ready("a", "avx2"), ready("a", "avx2"), ready("a", "sse2")]).as_deref(),
            Some(sentence)
        );
        let on_gpu = |kind: &str| {
            Readiness::Ready(
                Arithmetic::Gpu(kind.into()).values().map(|(name, value)| (name.into(), value)).to_vec(),
            )
        };
        assert_eq!(said([on_gpu("Arc A770"), on_gpu("Arc A770")]), None);
        assert_eq!(
            said([on_gpu("Arc A770"), on_gpu("Iris Xe")]).as_deref(),
            Some("rank 1 has the GPU Iris Xe, and rank 0 Arc A770, which rounds differently")
        );
        let failed = Readiness::Failed("public/mnist: No such file".into());
        assert_eq!(said([ready("a", "avx2"), failed]).as_deref(), Some("rank 1: public/mnist: No such file"));
    }
}
