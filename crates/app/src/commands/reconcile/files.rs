//! The files that differences are written into.

use std::io::{self, Write};
use std::path::Path;

use cardlift_core::external_id::ExternalCardId;
use cardlift_core::use_cases::{Difference, DifferenceKind};

use crate::failure::Failure;
use crate::new_file::NewFile;

/// A file for each kind of difference. Ids and names need no quotes.
pub(super) struct Files {
    missing_here: NewFile,
    missing_there: NewFile,
    differs: NewFile,
}

impl Files {
    /// Makes the folder, where there is none, and begins the files.
    pub(super) fn create(folder: &Path) -> Result<Self, Failure> {
        std::fs::create_dir_all(folder).map_err(|error| {
            Failure::because(format!("{} can't be written: {error}", folder.display()))
        })?;
        let create = |name: &str, columns: &str| -> Result<_, Failure> {
            let mut file = NewFile::create(&folder.join(name))?;
            writeln!(file, "customerId,stripeCustomerId,stripeCardId,{columns}line")?;
            Ok(file)
        };
        Ok(Self {
            missing_here: create("missing-here.csv", "")?,
            missing_there: create("missing-there.csv", "paymentMethodId,")?,
            differs: create("differs.csv", "paymentMethodId,fields,")?,
        })
    }

    pub(super) fn write(&mut self, difference: &Difference) -> io::Result<()> {
        let Difference { line, customer, external_customer, external_card, payment_method, kind } =
            difference;
        let card = external_card.as_ref().map_or("", ExternalCardId::as_str);
        let whose = format!("{customer},{external_customer},{card}");
        let method = payment_method.map(|id| id.to_string()).unwrap_or_default();
        match kind {
            DifferenceKind::MissingHere => writeln!(self.missing_here, "{whose},{line}"),
            DifferenceKind::MissingThere => writeln!(self.missing_there, "{whose},{method},{line}"),
            DifferenceKind::Differs(fields) => {
                writeln!(self.differs, "{whose},{method},{},{line}", fields.join(" "))
            }
        }
    }

    /// All was compared: they take their places.
    pub(super) fn finish(self) -> Result<(), Failure> {
        let Self { missing_here, missing_there, differs } = self;
        [missing_here, missing_there, differs].into_iter().try_for_each(NewFile::finish)
    }
}
