//! Several that train one network together and share no memory: workers, each with some columns of the large layers.
//!
//! Every member holds all images and goes through the same steps; twice a step they tell each other what crosses
//! the narrow code (`training/narrow.rs`). Sums are made in the order of the parts, whoever computed them: so losses are
//! equal to the bit for any number of members.

use super::{
    CpuTrainer,
    crew::Crew,
    tensors::PARTS,
    training::{Member, Share},
};
use latent_core::{
    data::Images,
    training::{Losses, TrainerError},
};
use std::ops::Range;

/// The most members that a team can have.
pub const MOST_MEMBERS: usize = PARTS;

/// A member's place in its team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    /// Its number, from 0.
    pub member: usize,
    /// How many members there are, [`MOST_MEMBERS`] at most.
    pub of: usize,
}

/// How a member reaches the others.
#[expect(async_fn_in_trait, reason = "workers have one thread: no future needs to be Send")]
pub trait Others {
    /// Sends this to every other member.
    fn tell(&mut self, bytes: &[u8]);
    /// What each other member has told next, and its number.
    async fn hear(&mut self) -> Result<Vec<(usize, Vec<u8>)>, TrainerError>;
}

/// How much of what training changes is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kept {
    /// The weights.
    Weights,
    /// The weights and Adam's moments of them.
    Progress,
}

impl Kept {
    fn share(self) -> Share {
        match self {
            Self::Weights => Share::Weights,
            Self::Progress => Share::Progress,
        }
    }
}

impl Seat {
    fn parts(self) -> Range<usize> {
        PARTS * self.member / self.of..PARTS * (self.member + 1) / self.of
    }

    fn of(self, member: usize) -> Self {
        Self { member, ..self }
    }
}

/// A trainer in its seat. Alone in its team, it trains any network; with others, those that are divisible.
pub struct CpuMember {
    trainer: CpuTrainer,
    seat: Seat,
}

impl CpuMember {
    /// A trainer that is alone.
    pub fn new(trainer: CpuTrainer) -> Self {
        Self { trainer, seat: Seat { member: 0, of: 1 } }
    }

    /// Whether the network's training can be shared out to members: it has one hidden layer on each side of its code.
    pub fn is_divisible(&mut self) -> bool {
        self.trainer.training.as_member().is_some()
    }

    /// Takes a seat in a team. All members sit down with the same progress.
    pub fn sit(&mut self, seat: Seat) -> Result<(), TrainerError> {
        self.seat = seat;
        self.member()?.0.own(seat.parts());
        Ok(())
    }

    /// What every member calls with the same batches at the same time; see [`Trainer::train`](latent_core::training::Trainer::train).
    pub async fn train(
        &mut self,
        others: &mut impl Others,
        images: &Images,
        batches: &[&[u32]],
        learning_rate: f32,
    ) -> Result<Vec<Losses>, TrainerError> {
        let mut losses = Vec::with_capacity(batches.len());
        for (at, batch) in batches.iter().enumerate() {
            let next = batches.get(at + 1).copied();
            losses.push(self.step(others, images, (batch, next), learning_rate).await?);
        }
        Ok(losses)
    }

    async fn step(
        &mut self,
        others: &mut impl Others,
        images: &Images,
        (batch, next): (&[u32], Option<&[u32]>),
        learning_rate: f32,
    ) -> Result<Losses, TrainerError> {
        let (member, crew) = self.member()?;
        member.encode(crew, images, batch, learning_rate);
        others.tell(&member.give(Share::Code));
        if let Some(next) = next {
            member.look_ahead(images, next);
        }
        let told = others.hear().await?;
        self.take(Share::Code, told)?;

        let (member, crew) = self.member()?;
        member.decode(crew);
        others.tell(&member.give(Share::Back));
        member.update_output(crew);
        let told = others.hear().await?;
        self.take(Share::Back, told)?;

        let (member, crew) = self.member()?;
        Ok(Losses::deterministic(member.update_rest(crew)))
    }

    /// What only this member has up to date.
    pub fn give(&mut self, kept: Kept) -> Result<Vec<u8>, TrainerError> {
        Ok(self.member()?.0.give(kept.share()))
    }

    /// Takes what other members have given; then the network is whole here, too.
    pub fn gather(&mut self, kept: Kept, given: Vec<(usize, Vec<u8>)>) -> Result<(), TrainerError> {
        self.take(kept.share(), given)
    }

    /// The trainer by itself: for training while it is alone, for anything else as far as the network was gathered.
    pub fn alone(&mut self) -> &mut CpuTrainer {
        &mut self.trainer
    }

    fn take(&mut self, share: Share, told: Vec<(usize, Vec<u8>)>) -> Result<(), TrainerError> {
        let seat = self.seat;
        let (member, _) = self.member()?;
        for (from, bytes) in told {
            let taken = member.take(seat.of(from).parts(), share, &bytes);
            taken.map_err(|error| TrainerError::Team(error.to_string()))?;
        }
        Ok(())
    }

    fn member(&mut self) -> Result<(&mut dyn Member, &mut Crew), TrainerError> {
        let member = self.trainer.training.as_member();
        let member = member.ok_or_else(|| TrainerError::Team("the network is not divisible".into()))?;
        Ok((member, &mut self.trainer.desk.crew))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Instructions;
    use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
    use futures_util::{StreamExt, future::join_all};
    use latent_core::{
        model::ModelSpec,
        settings::PIXELS,
        training::{Progress, Trainer},
    };
    use pollster::block_on;

    /// Lines from one member to all others, in memory.
    struct Lines {
        to: Vec<UnboundedSender<Vec<u8>>>,
        from: Vec<(usize, UnboundedReceiver<Vec<u8>>)>,
    }

    impl Others for Lines {
        fn tell(&mut self, bytes: &[u8]) {
            self.to.iter().for_each(|line| line.unbounded_send(bytes.to_vec()).unwrap());
        }

        async fn hear(&mut self) -> Result<Vec<(usize, Vec<u8>)>, TrainerError> {
            let heard =
                self.from.iter_mut().map(async |(member, line)| (*member, line.next().await.unwrap()));
            Ok(join_all(heard).await)
        }
    }

    fn lines(of: usize) -> Vec<Lines> {
        let mut all: Vec<_> = (0..of).map(|_| Lines { to: vec![], from: vec![] }).collect();
        for (from, to) in (0..of).flat_map(|from| (0..of).map(move |to| (from, to))).filter(|(a, b)| a != b) {
            let (sender, receiver) = unbounded();
            all[from].to.push(sender);
            all[to].from.push((from, receiver));
        }
        all
    }

    fn trainer(hidden: Vec<usize>) -> CpuTrainer {
        let model = ModelSpec::dense(&hidden, 3, 0.3);
        CpuTrainer::with_threads(1, Instructions::best(), &model, &Progress::initial(&model, 4)).unwrap()
    }

    fn trainer_from(hidden: usize, progress: &Progress) -> CpuTrainer {
        let model = ModelSpec::dense(&[hidden], 3, 0.3);
        CpuTrainer::with_threads(1, Instructions::best(), &model, progress).unwrap()
    }

    fn seated(hidden: Vec<usize>, seat: Seat) -> Result<CpuMember, TrainerError> {
        let mut member = CpuMember::new(trainer(hidden));
        member.sit(seat).map(|()| member)
    }

    fn images() -> Images {
        let mut images = Images::default();
        let shade = |at: usize| if at * 7 % 31 < 8 { (at % 256) as u8 } else { 0 };
        (0..9).for_each(|image| {
            images.append(&(image..PIXELS + image).map(shade).collect::<Vec<_>>()).unwrap()
        });
        images
    }

    #[test]
    fn teams_of_any_size_learn_to_the_bit_what_one_learns_alone() {
        let images = images();
        // The last batch of an epoch is smaller than those before it.
        let batches: [&[u32]; 4] = [&[3, 0, 2, 2, 1, 8, 7, 5, 4], &[4, 1], &[6; 9], &[8, 8, 0]];
        for hidden in [7, 90] {
            let mut alone = trainer(vec![hidden]);
            let losses = block_on(alone.train(&images, &batches, 0.01)).unwrap();
            let progress = block_on(alone.progress()).unwrap();
            for of in 1..=MOST_MEMBERS {
                let sit = |member| seated(vec![hidden], Seat { member, of }).unwrap();
                let mut team: Vec<_> = (0..of).map(sit).zip(lines(of)).collect();
                let trained = team.iter_mut().map(|(member, others)| {
                    let (images, batches) = (&images, &batches);
                    async move { member.train(others, images, batches, 0.01).await.unwrap() }
                });
                assert_eq!(block_on(join_all(trained)), vec![losses.clone(); of], "{of} members");
                let mut given = |kept| {
                    let given =
                        team.iter_mut().enumerate().map(|(m, (member, _))| (m, member.give(kept).unwrap()));
                    given.skip(1).collect::<Vec<_>>()
                };
                let (weights, all) = (given(Kept::Weights), given(Kept::Progress));
                let first = &mut team[0].0;
                first.gather(Kept::Weights, weights).unwrap();
                assert_eq!(block_on(first.alone().weights()).unwrap(), progress.weights);
                first.gather(Kept::Progress, all).unwrap();
                assert_eq!(block_on(first.alone().progress()).unwrap(), progress);
                first.sit(Seat { member: 0, of: 1 }).unwrap();
                let goes_on = block_on(first.alone().train(&images, &batches, 0.01));
                assert_eq!(goes_on, block_on(trainer_from(hidden, &progress).train(&images, &batches, 0.01)));
            }
        }
    }

    #[test]
    fn a_share_of_another_length_is_refused() {
        let mut member = seated(vec![9], Seat { member: 0, of: 2 }).unwrap();
        let refused = member.gather(Kept::Weights, vec![(1, vec![0; 12])]);
        assert!(matches!(refused, Err(TrainerError::Team(_))));
    }

    #[test]
    fn networks_with_several_hidden_layers_have_one_worker() {
        assert!(!CpuMember::new(trainer(vec![9, 8])).is_divisible());
        assert!(seated(vec![9, 8], Seat { member: 0, of: 2 }).is_err());
        assert!(CpuMember::new(trainer(vec![9])).is_divisible());
    }
}
