//! The files that differences are written into.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use cardlift_core::external_id::ExternalCardId;
use cardlift_core::use_cases::{Difference, DifferenceKind};

use crate::failure::Failure;

/// A file for each kind of difference. Ids and names need no quotes.
pub(super) struct Files {
    missing_here: BufWriter<File>,
    missing_there: BufWriter<File>,
    differs: BufWriter<File>,
}

impl Files {
    /// Makes the folder, where there is none, and the files anew.
    pub(super) fn create(folder: &Path) -> Result<Self, Failure> {
        let unwritable =
            |error| Failure::because(format!("{} can't be written: {error}", folder.display()));
        std::fs::create_dir_all(folder).map_err(unwritable)?;
        let create = |name: &str, columns: &str| -> io::Result<_> {
            let mut file = BufWriter::new(File::create(folder.join(name))?);
            writeln!(file, "customerId,stripeCustomerId,stripeCardId,{columns}line")?;
            Ok(file)
        };
        let all = || -> io::Result<_> {
            Ok(Self {
                missing_here: create("missing-here.csv", "")?,
                missing_there: create("missing-there.csv", "paymentMethodId,")?,
                differs: create("differs.csv", "paymentMethodId,fields,")?,
            })
        };
        all().map_err(unwritable)
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

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.missing_here.flush()?;
        self.missing_there.flush()?;
        self.differs.flush()
    }
}
