//! What a worker does.

/// What a worker does. Its name tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Trains, alone or with helpers, as far as the engine and the model can be divided.
    Trainer {
        /// How many workers may train, the trainer included.
        workers: usize,
        /// Whether exactly that number is asked for, even if fewer are faster.
        is_asked: bool,
    },
    /// Trains the columns of a trainer's network that the trainer leaves to it.
    Helper,
    /// Imports a person's own images.
    Importer,
    /// Makes programs, pictures and QR codes.
    Exporter,
    /// Looks at codes and draws strokes.
    Analyst,
    /// Decodes points and encodes the plotted images with the newest weights.
    Explorer,
}

impl Role {
    /// The worker's name.
    pub fn name(self) -> String {
        match self {
            Self::Trainer { workers, is_asked: true } => format!("trainer {workers}"),
            Self::Trainer { workers, is_asked: false } => format!("trainer up to {workers}"),
            Self::Helper => "helper".into(),
            Self::Importer => "importer".into(),
            Self::Exporter => "exporter".into(),
            Self::Analyst => "analyst".into(),
            Self::Explorer => "explorer".into(),
        }
    }

    /// The role of a worker of that name. `None` if no worker of this project has that name.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "helper" => Some(Self::Helper),
            "importer" => Some(Self::Importer),
            "exporter" => Some(Self::Exporter),
            "analyst" => Some(Self::Analyst),
            "explorer" => Some(Self::Explorer),
            _ => {
                let workers = name.strip_prefix("trainer ")?;
                let at_most = workers.strip_prefix("up to ");
                let is_asked = at_most.is_none();
                Some(Self::Trainer { workers: at_most.unwrap_or(workers).parse().ok()?, is_asked })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_know_their_role_by_their_name() {
        assert_eq!(Role::from_name("explorer"), Some(Role::Explorer));
        let trainers = [false, true].map(|is_asked| Role::Trainer { workers: 3, is_asked });
        for role in [
            trainers[0],
            trainers[1],
            Role::Helper,
            Role::Importer,
            Role::Analyst,
            Role::Exporter,
            Role::Explorer,
        ] {
            assert_eq!(Role::from_name(&role.name()), Some(role));
        }
        assert_eq!(Role::from_name(""), None);
        assert_eq!(Role::from_name("trainer x"), None);
    }
}
